import type { Readable } from 'node:stream';
import type { Fingerprint } from '../core/diff/fingerprint.ts';
import type { Expression } from '../core/expression/expression.ts';
import type { BusinessDate } from '../core/feed/business-date.ts';
import type { Column, Feed } from '../core/feed/spec.ts';
import type { FailPoint } from '../core/run/fail-point.ts';
import type { ComparedColumn } from '../core/run/held-table.ts';
import type { RunId } from '../core/run/keys.ts';
import type { RunMessage } from '../core/run/message.ts';
import type { Neighbour } from '../core/run/near-miss.ts';
import type { DiffReceipt, SnapshotManifest, StageKind, TargetObject } from '../core/run/receipt.ts';
import type { SourceFile } from '../core/run/source-file.ts';
import type { Adoption, Survey } from './adopt-port.ts';
import type {
  Arriving,
  Attendance,
  EngineDiff,
  EngineFile,
  EngineInput,
  Exported,
  ImportedRows,
} from './engine-port.ts';
import type { LakeIdentity, Ledger } from './ledger-port.ts';
import type { Looks } from './looks-port.ts';
import type { EngineRelease, QuarantinedRecord, ReleaseInput } from './quarantine-port.ts';

/** What the steps need from the world. Adapters implement it, `bin` and `lambdas` choose the adapters. */
export interface Ports {
  openSource(feed: Feed, date: BusinessDate): Promise<Source>;
  readonly store: Store;
  readonly engine: Engine;
  readonly ledger: Ledger;
  readonly warehouse: Warehouse;
  readonly notifier: Notifier;
  /** Where others find the tables of the lake, if anywhere. */
  readonly catalog?: Catalog | undefined;
  /** What earlier processes saw at the source. */
  readonly looks: Looks;
  now(): Date;
  /** Milliseconds on a clock that nobody sets; only differences mean something. */
  elapsed(): number;
  sleep(milliseconds: number): Promise<void>;
  /** Decompressed bytes of a landing part, instead of 64 MB; tests make it tiny. */
  readonly partBytes?: number;
  /** A named place at which a test may kill the process; nothing in production. */
  reach(point: FailPoint): Promise<void>;
  /** A step begins. */
  begin(step: string): void;
  /** Work of a step so far, in bytes or rows; `total` 0 means unknown. */
  progress(text: string, done: number, total: number): void;
  /** Something that a person should read now; no effect on the run. */
  say(text: string): void;
}

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

/** The lake: immutable objects under `/`-separated keys. */
export interface Store {
  /** Makes the lake when it is not there. */
  identity(): Promise<LakeIdentity>;
  /** Create-only: `false` when the key exists already. The object is whole and durable, or not there. */
  create(key: string, body: string | Uint8Array): Promise<boolean>;
  /** Streams an object under an attempt's own prefix; resolves to its size when durable. */
  write(key: string, body: AsyncIterable<Uint8Array>): Promise<number>;
  /** Puts a finished local file; the file may be moved away. */
  writeFile(key: string, path: string): Promise<number>;
  /** An object once more, under another key, which must be new. Throws OBJECT_MISSING. */
  copy(from: string, to: string): Promise<void>;
  /** null when absent. */
  readText(key: string): Promise<string | null>;
  /** Throws OBJECT_MISSING. */
  read(key: string): Readable;
  /**
   * A local path with the object's bytes, for engines that read files: the object itself, or a copy of it in `scratch`, a
   * folder that the caller removes. Throws OBJECT_MISSING.
   */
  localPath(key: string, scratch: string): Promise<string>;
  list(prefix: string): Promise<{ key: string; size: number; modified: Date }[]>;
  remove(keys: readonly string[]): Promise<void>;
}

/** A process that compares and converts; everything on local files below a scratch folder that the engine empties itself. */
export interface Engine {
  /** Part of the diff's inputs: another version may compute another change set. */
  readonly version: string;
  /** Whether it may look on while tables land: where another process will compute the diff, that is for nothing. */
  readonly attends: boolean;
  /** Looks on while a table lands; null when that would not help. */
  attend(arriving: Arriving): Promise<Attendance | null>;
  diff<T>(input: EngineInput, use: (diff: EngineDiff) => Promise<T>): Promise<T>;
  /** All rows of a snapshot as Parquet files, one at least. Throws TOO_MANY_PARTITIONS. */
  exportRows<T>(exported: Exported, use: (files: readonly EngineFile[]) => Promise<T>): Promise<T>;
  /** Typed Parquet of rows that `liveRows` gives; a fingerprint over the columns of `proof` too, where there are any. */
  importRows<T>(
    rows: Readable,
    of: { readonly columns: readonly Column[]; readonly proof?: readonly ComparedColumn[] | null },
    use: (rows: ImportedRows) => Promise<T>,
  ): Promise<T>;
  /** Reads quarantined records again, against what production holds. */
  release<T>(input: ReleaseInput, use: (found: EngineRelease) => Promise<T>): Promise<T>;
  /** The records of a reject report, in its order. */
  rejects(report: string, code: string | null): AsyncIterable<QuarantinedRecord>;
  /** Rows of Parquet objects of ours as PostgreSQL COPY text, columns as in the feed; `only` those for which this is true. */
  copyText(parquet: readonly string[], columns: Feed['tables'][string]['columns'], only?: Expression): Readable;
}

export interface Publication {
  readonly run: RunId;
  readonly fence: number;
  readonly feed: Feed;
  readonly changeSet: string;
  readonly receipt: DiffReceipt;
  /** Manifests by table: what becomes the base. */
  readonly snapshots: Readonly<Record<string, SnapshotManifest>>;
  /** COPY text of one table's change file, columns in declared order. */
  rows(table: string, kind: StageKind): Readable;
  message(tables: Readonly<Record<string, PublishedTable>>): RunMessage;
}

/** Rows that publish really wrote. */
export interface PublishedTable {
  readonly inserted: number;
  readonly updated: number;
  readonly returned: number;
  readonly gone: number;
  /** Of these, the rows that stay, stamped; only where a condition decides. */
  readonly retained?: number;
}

export type PublishOutcome =
  | { readonly kind: 'published'; readonly tables: Readonly<Record<string, PublishedTable>> }
  /** This delivery was applied by this run before: the answer to its COMMIT was lost. */
  | { readonly kind: 'already'; readonly tables: Readonly<Record<string, PublishedTable>> };

export interface Warehouse {
  /**
   * Ledger, schemas, new tables, new nullable columns. Anything else: MIGRATION_NEEDED with the SQL, or TABLE_EXISTS. Throws
   * TARGET_MISSING when something is gone that the ledger says we hold.
   */
  migrate(feed: Feed, restart?: Restart): Promise<{ done: string[] }>;
  /** What can change rows of the feed's tables unseen, in the order of names; tables that do not exist have nothing. */
  targetObjects(feed: Feed): Promise<TargetObject[]>;
  /** One transaction for all tables, or nothing. Throws OLDER_DELIVERY, BASE_MOVED, FENCED, DRIFT, PROOF_FAILED, DATABASE_*. */
  publish(publication: Publication): Promise<PublishOutcome>;
  /** Recomputes each table's fingerprint over all live rows, beside what the ledger says. */
  audit(feed: string): Promise<{ table: string; expected: Fingerprint; found: Fingerprint }[]>;
  /** Live rows of each table of a feed, and how many are stamped as gone. */
  counts(feed: Feed): Promise<Record<string, { live: number; gone: number }>>;
  /** What there is of a feed's tables, by name. Throws what `migrate` would throw, and changes nothing. */
  inspect(feed: Feed): Promise<Record<string, StandingTable>>;
  /** These columns of a table's live rows as CSV, for `importRows`. */
  liveRows(feed: Feed, table: string, columns: readonly Column[]): Readable;
  /** Only the ledger. */
  migrateLedger(): Promise<void>;
  /** What stands where tables are to be taken over; changes nothing. `date` is the one that their rows stand for. */
  survey(feed: Feed, tables: readonly string[], date: BusinessDate): Promise<Survey[]>;
  /** Makes exported tables ours, in one transaction. Throws DRIFT when their rows are not those that were exported. */
  adopt(adoption: Adoption): Promise<void>;
  /** Drops the stage tables that no running attempt owns. */
  tidy(): Promise<void>;
}

/** Tables of which something is gone, to be started anew: the ledger forgets what they held. */
export interface Restart {
  readonly tables: readonly string[];
  readonly by: string;
  readonly reason: string;
}

/** A table as the database has it, or will when it is made. */
export interface StandingTable {
  /** It holds rows, be they gone. */
  readonly filled: boolean;
  /** With PostgreSQL's types. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** Number of the last time that somebody had it started anew; null when nobody did. */
  readonly restart: number | null;
}

export interface ShownTable {
  readonly name: string;
  readonly columns: readonly Column[];
  /** Prefix of the keys of its files, `/` at the end. */
  readonly folder: string;
  /** Date and revision, for people. */
  readonly delivery: string;
}

export interface Catalog {
  /** From now on the table has these columns, and its rows are in these files. */
  show(table: ShownTable): Promise<void>;
}

export interface Notifier {
  /** At least once; the receiver tells repetitions by the message's id. */
  send(message: RunMessage): Promise<void>;
}
