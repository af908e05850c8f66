import type { Readable } from 'node:stream';
import type { Neighbour } from '../core/delivery/near-miss.ts';
import type { SourceFile } from '../core/delivery/source-file.ts';

/** Where the vendor delivers. Every failure is a NightfeedError; transient ones may be asked again. */
export interface Source {
  /**
   * The files of these names, all unless told; any other name costs its line in the listing and nothing more. Throws
   * LISTING_TOO_LONG.
   */
  list(isWanted?: (name: string) => boolean): Promise<SourceFile[]>;
  stat(name: string): Promise<SourceFile>;
  /**
   * The file's bytes from an offset on; ends only after the source itself said that all were sent. A server may ignore the
   * offset without a word, so whoever gives one checks what comes. SOURCE_UNREACHABLE when it says that it cannot.
   */
  read(name: string, from?: number): Readable;
  close(): Promise<void>;
  /** What the clock shows that stamps the times of the files; null where nobody knows. */
  clock(): Promise<Date | null>;
  /** Where it looks, for messages: with the date, without a secret. */
  readonly place: string;
  /**
   * Shows all that lies there, for the message about a delivery that does not come. Whether the folder exists; null where the
   * source cannot tell an empty one from none.
   */
  around(see: (neighbour: Neighbour) => void): Promise<boolean | null>;
  /** What a person should know about this source, such as a connection without encryption. */
  readonly notes: readonly string[];
}
