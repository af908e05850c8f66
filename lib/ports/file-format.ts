import type { FormatDescriptor, FormatOf, FormatOptions } from '../core/feed/descriptors/format-descriptor.ts';
import type { ReadingColumn, ReadingSpec } from '../core/feed/reading-spec.ts';
import type { Binding } from '../core/records/bind-header.ts';
import type { Head } from '../core/records/head.ts';
import type { RecordPlaces } from '../core/records/record-place.ts';
import type { FaultOf, RecordGuard } from '../core/records/scan/scan.ts';
import type { RecordsWithin } from '../core/records/scan/swallowed.ts';

/** A format: one folder of lib/formats, or what an embedding program adds to their list. */
export interface FileFormat<Options extends FormatOptions = FormatOptions> extends FormatDescriptor<Options> {
  /** Rises when the same bytes under the same options become other record text. 1 unless given. */
  readonly version?: number;
  /**
   * Reads as much of a file as tells its columns. A parser's library is imported here: a descriptor is loaded by all that read
   * feed files, and most of them open nothing. Throws what `bindHeader` throws for other columns than the contract allows.
   */
  open(file: DeliveredFile<FormatOf<Options>>): Promise<ConvertedFile>;
}

export interface DeliveredFile<Format> extends Binding {
  readonly format: Format;
  /** Unpacked. Can be read once. */
  readonly bytes: AsyncIterable<Buffer>;
  /** Reads all `bytes` to this machine's disk, for a format whose end has to be read first. Gone when the file has landed. */
  localFile(): Promise<LocalFile>;
  /** The columns that a file has to bring, in declared order, and what they are read as. */
  readonly columns: readonly ReadingColumn[];
  readonly reading: ReadingSpec;
  /** What may prove that the file was not cut. */
  readonly proof?: Proof | undefined;
  /** Its `places` will be asked for. Landing does not, and takes no time for them. */
  readonly isPlaced?: true;
}

/** A vendor's file on this machine's disk. It is ours: its format may change it. */
export interface LocalFile {
  readonly path: string;
  readonly size: number;
  /** The answer of DuckDB, in a process of its own that reads nothing but this file, to one statement after the other. */
  ask(sql: string): Promise<Readonly<Record<string, unknown>>[]>;
  /** The result of a query as text, as COPY with these options writes it, while it is read. */
  copy(select: string, options: string): AsyncIterable<Buffer>;
}

/** What proves, beside the content itself, that a file was not cut; asked when all of it came. */
export type Proof = () => string | undefined;

/** A file as record text: `recordTextOf` its format. */
export interface ConvertedFile {
  readonly head: Head;
  /** What stood before the records, as sent: places in the file are counted from its start. Empty where records were converted. */
  readonly headBytes: Buffer;
  /** The records in chunks of any size. A record that could not be converted is one quoted field, and `faultOf` says so. */
  readonly text: AsyncIterable<Buffer>;
  /** The records stand as the vendor wrote them: their quotes and backslashes tell of the writer. */
  readonly isAsWritten: boolean;
  /**
   * What records a field's text would hold in the file, as record text; without it, its lines where the records are as written. A lost quote
   * makes a text of records.
   */
  readonly recordsWithin?: RecordsWithin | undefined;
  readonly guard?: RecordGuard | undefined;
  /** Asked once for each record, in their order, when its text was read. */
  readonly faultOf?: FaultOf | undefined;
  /** Where records stand in the file, when it `isPlaced`. */
  readonly places?: RecordPlaces | undefined;
  /** When all text was read and scanned. Throws where the file says itself that it is not whole. */
  end(found: Found): Ending;
  /** An error of its text or its scan, with what helps in this format. */
  explained?(thrown: unknown): unknown;
}

interface Found {
  readonly rows: number;
  /** The last record is malformed. */
  readonly endsBroken: boolean;
}

interface Ending {
  readonly notes: readonly string[];
  /** The last line end was missing, and something proved the file whole. */
  readonly lacksEnd?: boolean;
  /** Records do not stand at the bytes of the text at which they stand in the file. Always so of a format that is not record text. */
  readonly movesBytes?: boolean;
  /** The file is head, records and what stands behind them, in an encoding that `isTurnedBack`: no copy of it is needed. */
  readonly encoded?: Encoded | undefined;
  /** Of a file that has no header: its columns, as all records together show them, instead of those in `head`. */
  readonly columns?: Pick<Head, 'header' | 'change'>;
}

/** The text of a file before a line of it was left out, and before a record end was put in. */
export interface Encoded {
  readonly encoding: string;
  /** Bytes of the text. */
  readonly length: number;
  /** The last bytes of the text; undefined when they are more than are kept. */
  last(count: number): Buffer | undefined;
}
