import type { Promised } from '../delivery/manifest.ts';
import type { LeftOut, SourceFile } from '../delivery/source-file.ts';
import type { Fingerprint } from '../diff/fingerprint.ts';
import type { NullCounts } from '../diff/null-counts.ts';
import type { Repeats } from '../diff/repeats.ts';
import type { ReadingSpec } from '../feed/reading-spec.ts';
import type { SchemaChange } from '../feed/schema-change.ts';
import type { FileEnding, TableSigns } from '../guards/table-signs.ts';
import type { AscendingKeys } from '../records/key-range.ts';
import type { RejectCode } from '../records/reject.ts';
import type { Signs } from '../records/signs.ts';
import type { Release } from './release-counts.ts';

/** arrive: the complete delivery, as listed. */
export interface ArriveReceipt {
  /** Hash over name, size and time of every file; asked again, it tells whether anything changed. */
  readonly listing: string;
  readonly files: readonly ArrivedFile[];
  /** Fewer files than the feed expected then. */
  readonly missing: number;
  /** What fits the pattern of a table and is not of the generation that it takes; absent where there is nothing. */
  readonly leftOut?: readonly LeftOut[];
  /** Tables whose files are written again, of the generation that production held before; absent where there are none. */
  readonly rewritten?: readonly string[];
  /** The marker, where it is one file for all dates: at the next delivery it has to be newer. */
  readonly marker?: SourceFile;
}

export interface ArrivedFile extends SourceFile {
  readonly table: string;
  /** What the vendor's manifest says of it. */
  readonly promised?: Promised;
}

/** At most 64 MB of whole records as the vendor sent them, zstd-compressed. */
export interface Part {
  readonly key: string;
  /** Records, rejected ones included; blank lines are none. */
  readonly rows: number;
  /** Decompressed size. */
  readonly bytes: number;
}

export type RecordEnd = '\n' | '\r\n' | '\r';

/**
 * One of the vendor's files in landing. `head` and parts are its decompressed bytes; in UTF-8, with one record end and
 * without trailer, where the feed's format speaks of other ones.
 */
export interface LandedFile {
  readonly name: string;
  /** As transferred. */
  readonly size: number;
  /** Over the decompressed bytes as the vendor sent them, in hex. */
  readonly sha256: string;
  /** Byte order mark and header record, base64. */
  readonly head: string;
  /** Column names in file order; the declared ones when the format has no header. */
  readonly header: readonly string[];
  readonly recordEnd: RecordEnd;
  readonly parts: readonly Part[];
  /** No record holds a line end: records are lines. */
  readonly lines: boolean;
  /** Where the keys ascend strictly and can be compared as bytes. */
  readonly keys: AscendingKeys | null;
  readonly notes: readonly string[];
  /** Absent when an older version landed it. */
  readonly signs?: Signs;
  /** The last line end was missing, and something proved the file whole. */
  readonly lacksEnd?: true;
}

/** What reading a file's parts takes. */
export type FileParts = Pick<LandedFile, 'header' | 'recordEnd' | 'parts' | 'lines' | 'keys'>;

/** An object and how many entries it holds. */
interface Counted {
  readonly key: string;
  readonly count: number;
  /** Of the object; absent where an older version wrote it. */
  readonly sha256?: string;
}

export interface LandedTable {
  readonly snapshot: string;
  readonly files: readonly LandedFile[];
  readonly rows: number;
  readonly bytes: number;
  /** How its columns differ from those that the feed declares. */
  readonly schema: SchemaChange;
  /** NDJSON of Structural, in stream order. */
  readonly rejects: Counted | null;
  /** Where files may be left out: the names of those that were. */
  readonly leftOut?: readonly string[];
  /** Names of files without a byte, which the feed accepts. */
  readonly emptyParts?: readonly string[];
}

/** One record that the structural scan rejected. */
export interface Structural {
  /** Number of the part within its table, and of the record and its first byte within the part, all from 0. */
  readonly part: number;
  readonly index: number;
  readonly offset: number;
  readonly length: number;
  readonly code: RejectCode;
}

/** pull: the delivery exists, byte for byte. */
export interface PullReceipt {
  readonly delivery: string;
  readonly tables: Readonly<Record<string, LandedTable>>;
}

/**
 * A snapshot: landing parts, less the dropped records, plus carried rows (typed Parquet: rows of the base that the night
 * could neither confirm nor refute). So the base is what production holds, without rewriting it.
 */
export interface SnapshotManifest {
  readonly id: string;
  readonly table: string;
  readonly reading: ReadingSpec;
  /** Key and compared columns, in order: what the fingerprint covers. */
  readonly compared: readonly string[];
  /** All columns of the table. Absent when an older version wrote it. */
  readonly stored?: readonly string[];
  readonly files: readonly FileParts[];
  /** NDJSON of Dropped, in stream order. */
  readonly drops: Counted | null;
  readonly carried: Carried | null;
  /** Sound records that the filters leave out; absent where there are none. */
  readonly filtered?: number;
  /** How the files of the delivery end; absent when an older version wrote it, and where no delivery brought the rows. */
  readonly endings?: readonly FileEnding[];
  readonly fingerprint: Fingerprint;
  /** Absent when an older version wrote it. */
  readonly nulls?: NullCounts;
}

/** Rows by column name; without `columns` those of the reading spec. */
interface Carried extends Counted {
  readonly columns?: readonly string[];
}

export interface Dropped {
  readonly part: number;
  readonly offset: number;
  readonly length: number;
}

export interface TableDiff {
  readonly engine: string;
  /** Why this engine. */
  readonly reason: string;
  /** Why the base was read back from production; absent when it was the lake's snapshot. */
  readonly readBack?: string;
  /** Records delivered = accepted + all rejected + filtered. */
  readonly rows: number;
  readonly accepted: number;
  readonly rejected: Readonly<Partial<Record<RejectCode, number>>>;
  /** Records that the feed's filters leave out. */
  readonly filtered: number;
  /** Base rows, and what became of them and of the new ones. */
  readonly base: number;
  readonly inserted: number;
  readonly updated: number;
  readonly gone: number;
  readonly unchanged: number;
  /** By name of a rule that does not reject: how many rows break it. */
  readonly broken: Readonly<Record<string, number>>;
  /** Missing rows that stay because an unreadable reject may have been one of them. */
  readonly suspended: number;
  /** Rows that stay as they were because their new version was rejected. */
  readonly carried: number;
  /** Base rows that are updated or go, and the rows written instead and inserted. */
  readonly before: Fingerprint;
  readonly after: Fingerprint;
  /** Of the base's records and of those delivered, heads left out. */
  readonly bytes: { readonly base: number; readonly next: number };
  /** Rows of the new snapshot with null, by column; those of the base too, where it had the column. */
  readonly nulls: Readonly<Record<string, { readonly base: number | null; readonly next: number }>>;
  /** Key of a few rows of each kind, as JSON of Samples. */
  readonly samples: string;
  /** Typed Parquet objects; only the non-empty ones. Several make a list, as only many writers at once leave. */
  readonly changes: Readonly<Partial<Record<ChangeKind, string | readonly string[]>>>;
  /** SHA-256 of those by key; absent where another machine wrote them, and when an older version compared. */
  readonly sums?: Readonly<Record<string, string>>;
  readonly rejects: string | null;
  /** Key of the manifest. */
  readonly snapshot: string;
  readonly schema: SchemaChange;
  /** The first record whose key cannot be read is the last one of its file. */
  readonly footer?: true;
  /** Absent where no key comes twice, and when an older version compared. */
  readonly repeats?: Repeats;
  /** What of the records is for a guard; absent when an older version landed them, and in a release. */
  readonly signs?: TableSigns;
  /** The bytes that production holds already came again, under another date. */
  readonly resent?: true;
  /** Where files may be left out. */
  readonly files?: FileChoice;
}

/** Names of the files at the source that fit a table. */
export interface FileChoice {
  readonly picked: readonly string[];
  readonly left_out: readonly string[];
  /** How many more there are, where they are too many to be listed. */
  readonly more?: { readonly picked: number; readonly left_out: number };
}

export type ChangeKind = 'inserted' | 'updated' | 'gone';
/** What publish stages: of the rows that are gone, those that stay are a stage of their own where a condition decides. */
export type StageKind = ChangeKind | 'retained';
export const changeKinds = ['inserted', 'updated', 'gone'] as const satisfies readonly ChangeKind[];

/** diff: the change set of all tables. */
export interface DiffReceipt {
  /** Delivery that the change set starts from; null on the first load. */
  readonly base: string | null;
  readonly delivery: string;
  readonly tables: Readonly<Record<string, TableDiff>>;
  /** What in the database can change rows unseen; absent where there is nothing. */
  readonly objects?: readonly TargetObject[];
  /** Only of rows that are released from quarantine. */
  readonly release?: Release;
}

/** Something in the catalogue that can change rows of a feed's table while nightfeed writes, or behind it. */
export interface TargetObject {
  /** Of the feed. */
  readonly table: string;
  /** As the feed file accepts it, such as `trigger products.audit`. */
  readonly name: string;
}

/** Of all records, uncompressed. */
export function recordBytes(files: readonly Pick<FileParts, 'parts'>[]): number {
  return files.reduce((sum, { parts }) => parts.reduce((total, part) => total + part.bytes, sum), 0);
}
