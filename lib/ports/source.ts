import type { Readable } from 'node:stream';
import type { Neighbour } from '../core/delivery/near-miss.ts';
import type { SourceFile } from '../core/delivery/source-file.ts';
import type { Disposal } from './disposal.ts';

/** Where the vendor delivers. Every failure is a NightfeedError; after a transient one the call may be repeated. */
export interface Source {
  /**
   * Lists the files with these names, by default all. Any other name costs only its line in the listing. Throws
   * LISTING_TOO_LONG.
   */
  list(isWanted?: (name: string) => boolean): Promise<SourceFile[]>;
  stat(name: string): Promise<SourceFile>;
  /**
   * The file's bytes from an offset within it on; ends only after the source itself said that all were sent. A server may ignore the
   * offset silently, so the caller has to check the bytes. Throws SOURCE_UNREACHABLE when the server says that it cannot, and
   * SOURCE_UNCONFIRMED after the last byte when it does not say that they are all.
   */
  read(name: string, from?: number): Readable;
  close(): Promise<void>;
  /** The time on the clock that stamps the files; null when it is not known. */
  clock(): Promise<Date | null>;
  /** The place that it lists, for messages: with the date, without a secret. */
  readonly place: string;
  /**
   * Shows all entries of the folder, for the message about a missing delivery. Answers whether the folder exists; null when the
   * source cannot tell an empty folder from a missing one.
   */
  around(see: (neighbour: Neighbour) => void): Promise<boolean | null>;
  /** Absent where the kind can take nothing away. */
  readonly disposal?: Disposal | undefined;
  /** What a person should know about this source, such as a connection without encryption. */
  readonly notes: readonly string[];
}
