import type { Promised } from '../delivery/manifest.ts';
import type { LeftOut, SourceFile } from '../delivery/source-file.ts';
import type { Fingerprint } from '../diff/fingerprint.ts';
import type { NullCounts } from '../diff/null-counts.ts';
import type { Repeats } from '../diff/repeats.ts';
import type { ReadingSpec } from '../feed/reading-spec.ts';
import type { SchemaChange } from '../feed/schema-change.ts';
import type { FileEnding, TableSigns } from '../guards/table-signs.ts';
import type { RejectCode } from '../records/reject.ts';
import type { AscendingKeys } from '../records/scan/key-range.ts';
import type { Signs } from '../records/scan/signs.ts';
import type { Release } from './release-counts.ts';

/** arrive: the complete delivery, as listed. */
export interface ArriveReceipt {
  /** Hash over name, size and time of every file. An equal hash later means that nothing changed. */
  readonly listing: string;
  readonly files: readonly ArrivedFile[];
  /** There were fewer files than the feed file expected. */
  readonly missing: number;
  /** Files that fit a table's pattern but are not of the generation that it takes; absent if there are none. */
  readonly leftOut?: readonly LeftOut[];
  /** Tables whose files are a rewritten version of the generation that production holds; absent if there are none. */
  readonly rewritten?: readonly string[];
  /** The marker, when its name has no date: at the next delivery it has to be newer. */
  readonly marker?: SourceFile;
}

export interface ArrivedFile extends SourceFile {
  readonly table: string;
  /** What the vendor's manifest promises of the file. */
  readonly promised?: Promised;
}

/** At most 64 MB of whole records as the vendor sent them, zstd-compressed. */
export interface Part {
  readonly key: string;
  /** Number of records, rejected ones included, blank lines not. */
  readonly rows: number;
  /** Decompressed size. */
  readonly bytes: number;
}

export type RecordEnd = '\n' | '\r\n' | '\r';

/**
 * One of the vendor's files in landing. `head` and parts are its decompressed bytes, converted to UTF-8, to one record end and
 * without trailer if the feed's format says that the file has other ones.
 */
export interface LandedFile {
  readonly name: string;
  /** Bytes as transferred. */
  readonly size: number;
  /** SHA-256 in hex over the decompressed bytes as the vendor sent them. */
  readonly sha256: string;
  /** Byte order mark and header record, base64. */
  readonly head: string;
  /** Column names in file order; the declared names when the format has no header. */
  readonly header: readonly string[];
  readonly recordEnd: RecordEnd;
  readonly parts: readonly Part[];
  /** No record holds a line end, so records are lines. */
  readonly lines: boolean;
  /** First and last key, when the keys ascend strictly and can be compared as bytes. */
  readonly keys: AscendingKeys | null;
  readonly notes: readonly string[];
  /** Absent when an older version landed it. */
  readonly signs?: Signs;
  /** The last line end was missing, and something proved the file whole. */
  readonly lacksEnd?: true;
}

/** What is needed to read a file's parts. */
export type FileParts = Pick<LandedFile, 'header' | 'recordEnd' | 'parts' | 'lines' | 'keys'>;

/** An object and its number of entries. */
interface Counted {
  readonly key: string;
  readonly count: number;
  /** SHA-256 of the object; absent when an older version wrote it. */
  readonly sha256?: string;
}

export interface LandedTable {
  readonly snapshot: string;
  readonly files: readonly LandedFile[];
  readonly rows: number;
  readonly bytes: number;
  /** How its columns differ from the declared ones. */
  readonly schema: SchemaChange;
  /** NDJSON of Structural, in stream order. */
  readonly rejects: Counted | null;
  /** Names of files that were left out, when the feed allows that. */
  readonly leftOut?: readonly string[];
  /** Names of empty files that the feed accepts. */
  readonly emptyParts?: readonly string[];
}

/** One record that the structural scan rejected. */
export interface Structural {
  /** Index of the part within its table, of the record within the part, and offset of its first byte there; all from 0. */
  readonly part: number;
  readonly index: number;
  readonly offset: number;
  readonly length: number;
  readonly code: RejectCode;
}

/** pull: the delivery is in landing, byte for byte. */
export interface PullReceipt {
  readonly delivery: string;
  readonly tables: Readonly<Record<string, LandedTable>>;
}

/**
 * A snapshot: landing parts, less the dropped records, plus carried rows (typed Parquet: rows of the base that the night
 * could neither confirm nor refute). So the base equals what production holds without being rewritten every night.
 */
export interface SnapshotManifest {
  readonly id: string;
  readonly table: string;
  readonly reading: ReadingSpec;
  /** Key and compared columns, in order. The fingerprint covers them. */
  readonly compared: readonly string[];
  /** All columns of the table. Absent when an older version wrote it. */
  readonly stored?: readonly string[];
  readonly files: readonly FileParts[];
  /** NDJSON of Dropped, in stream order. */
  readonly drops: Counted | null;
  readonly carried: Carried | null;
  /** Well-formed records that the filters leave out; absent if there are none. */
  readonly filtered?: number;
  /** How the files of the delivery end; absent when an older version wrote it, or no delivery brought the rows. */
  readonly endings?: readonly FileEnding[];
  readonly fingerprint: Fingerprint;
  /** Absent when an older version wrote it. */
  readonly nulls?: NullCounts;
}

/** Columns of the rows; without `columns` those of the reading spec. */
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
  /** Why this engine compared. */
  readonly reason: string;
  /** Why the base was read back from production; absent when it was the lake's snapshot. */
  readonly readBack?: string;
  /** Records delivered = accepted + all rejected + filtered. */
  readonly rows: number;
  readonly accepted: number;
  readonly rejected: Readonly<Partial<Record<RejectCode, number>>>;
  /** Records that the feed's filters leave out. */
  readonly filtered: number;
  /** Number of base rows, and of rows by kind of change. */
  readonly base: number;
  readonly inserted: number;
  readonly updated: number;
  readonly gone: number;
  readonly unchanged: number;
  /** By name of a rule that does not reject: how many rows break it. */
  readonly broken: Readonly<Record<string, number>>;
  /** Missing rows that stay, because a reject with an unreadable key may have been one of them. */
  readonly suspended: number;
  /** Rows that stay as they were because their new version was rejected. */
  readonly carried: number;
  /** Fingerprints of the base rows that are updated or gone, and of the rows that are written. */
  readonly before: Fingerprint;
  readonly after: Fingerprint;
  /** Bytes of the base's records and of the delivered ones, without heads. */
  readonly bytes: { readonly base: number; readonly next: number };
  /** Number of rows with null by column, in the new snapshot, and in the base if it had the column. */
  readonly nulls: Readonly<Record<string, { readonly base: number | null; readonly next: number }>>;
  /** Key of an object with a few rows of each kind, as JSON of Samples. */
  readonly samples: string;
  /** Keys of typed Parquet objects, without empty ones. A list when several writers worked at once. */
  readonly changes: Readonly<Partial<Record<ChangeKind, string | readonly string[]>>>;
  /** SHA-256 of these objects by key; absent when another machine wrote them, or an older version compared. */
  readonly sums?: Readonly<Record<string, string>>;
  readonly rejects: string | null;
  /** Key of the manifest. */
  readonly snapshot: string;
  readonly schema: SchemaChange;
  /** The first record with an unreadable key is the last one of its file. */
  readonly footer?: true;
  /** Absent when no key occurs twice, or an older version compared. */
  readonly repeats?: Repeats;
  /** Signs in the records, for guards; absent when an older version landed them, and in a release. */
  readonly signs?: TableSigns;
  /** The delivery has the bytes that production holds already, under another date. */
  readonly resent?: true;
  /** Files that were left out, when the feed allows that. */
  readonly files?: FileChoice;
}

/** Names of the files at the source that fit a table. */
export interface FileChoice {
  readonly picked: readonly string[];
  readonly left_out: readonly string[];
  /** Number of further names, if there are too many to list. */
  readonly more?: { readonly picked: number; readonly left_out: number };
}

export type ChangeKind = 'inserted' | 'updated' | 'gone';
/** The kinds of staging tables of a publication. Gone rows that stay have one of their own when a condition decides. */
export type StageKind = ChangeKind | 'retained';
export const changeKinds = ['inserted', 'updated', 'gone'] as const satisfies readonly ChangeKind[];

/** diff: the change set of all tables. */
export interface DiffReceipt {
  /** Delivery of the base; null on the first load. */
  readonly base: string | null;
  readonly delivery: string;
  readonly tables: Readonly<Record<string, TableDiff>>;
  /** Objects of the database that can change rows unseen; absent if there are none. */
  readonly objects?: readonly TargetObject[];
  /** Only in a release. */
  readonly release?: Release;
}

/** An object of the database that can change rows of a feed's table while nightfeed writes, or afterwards. */
export interface TargetObject {
  /** Table of the feed. */
  readonly table: string;
  /** As the feed file accepts it, such as `trigger products.audit`. */
  readonly name: string;
}

/** Uncompressed bytes of all records. */
export function recordBytes(files: readonly Pick<FileParts, 'parts'>[]): number {
  return files.reduce((sum, { parts }) => parts.reduce((total, part) => total + part.bytes, sum), 0);
}
