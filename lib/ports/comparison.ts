import type { Fingerprint } from '../core/diff/fingerprint.ts';
import type { NullCounts } from '../core/diff/null-counts.ts';
import type { Repeats } from '../core/diff/repeats.ts';
import type { Samples } from '../core/diff/samples.ts';
import type { EngineChoice } from '../core/feed/descriptors/engine-descriptor.ts';
import type { Column } from '../core/feed/spec.ts';
import type { RejectCode } from '../core/records/reject.ts';
import type { LandedFile, LandedTable } from '../core/run/pull-receipt.ts';
import type { SnapshotManifest } from '../core/run/snapshot-manifest.ts';

/** One table's work for an engine. */
export interface EngineInput {
  readonly table: string;
  readonly columns: readonly Column[];
  /** What the feed says of engines; `auto` leaves the choice to the sizes and the bytes. */
  readonly asked: EngineChoice;
  /** null on the first load. */
  readonly base: SnapshotManifest | null;
  readonly next: { readonly landed: LandedTable; readonly reading: SnapshotManifest['reading'] };
  /** Prefix of keys, of this attempt alone, for what an engine keeps in the lake by itself; `/` at the end. */
  readonly into: string;
  /** What looked on while the table landed, where that was in this process. */
  readonly observed?: StreamingDiff | undefined;
  /** Tonight's snapshots of the tables that rules reference, with their columns. */
  readonly parents?: Readonly<
    Record<string, { readonly snapshot: SnapshotManifest; readonly columns: readonly Column[] }>
  >;
}

/** A table whose delivery is about to land. */
export interface Arriving extends Omit<EngineInput, 'base' | 'next' | 'into' | 'observed'> {
  readonly base: SnapshotManifest;
  readonly reading: SnapshotManifest['reading'];
}

export type FileHead = Pick<LandedFile, 'header' | 'recordEnd'>;

/** Compares a delivery while it lands. What it found is used by the diff of exactly what landed, and by nobody else. */
export interface StreamingDiff {
  /** The records of another file follow. */
  begin(head: FileHead): void;
  /** Bytes of well-formed records, cut anywhere; `lines`: none held a line end so far. Resolves when more may come. */
  observe(bytes: Buffer, so: { readonly lines: boolean }): Promise<void>;
  /** What was seen is not what landed, or not well-formed. */
  invalidate(): void;
  end(landed: LandedTable): Promise<void>;
  /** Nobody wants to know what was seen any more. */
  close(): Promise<void>;
}

/** Rows of production as typed Parquet, gone after `use` returns, and what they come to. */
export interface ImportedRows {
  readonly path: string;
  readonly fingerprint: Fingerprint;
  readonly nulls: NullCounts;
  /** Over the columns that were to prove the rows. */
  readonly proof?: Fingerprint;
}

/** A snapshot whose rows are wanted as files of their own. */
export interface Exported extends Pick<EngineInput, 'columns' | 'asked' | 'into'> {
  readonly snapshot: SnapshotManifest;
  /** Columns of which each file has one value. */
  readonly partitionBy: readonly string[];
}

/** A local file, gone after `use` returns, or an object that the engine wrote to the lake. */
export type EngineFile = { readonly path: string } | { readonly key: string };

/** What an engine found. Files are typed Parquet, texts are paths of such local files; absent when they would be empty. */
export interface EngineDiff {
  readonly engine: string;
  readonly reason: string;
  readonly accepted: number;
  readonly rejected: Readonly<Partial<Record<RejectCode, number>>>;
  /** How many of them by name of the file; absent where there are none. */
  readonly rejectedIn?: Readonly<Record<string, number>>;
  /** Records that the feed's filters leave out. */
  readonly filtered: number;
  /** Records that are left out as older versions of their key. */
  readonly collapsed: number;
  readonly inserted: number;
  readonly updated: number;
  /** Updated rows whose version is older than that of production's row. */
  readonly reverted: number;
  readonly gone: number;
  readonly suspended: number;
  /** By name of a rule that does not reject: new and changed rows that break it, all rows while the rules are new. */
  readonly broken: Readonly<Record<string, number>>;
  readonly carried: number;
  readonly before: Fingerprint;
  readonly after: Fingerprint;
  /** Over all rows of the new snapshot, only when it had to be computed afresh (other columns are compared than before). */
  readonly whole: Fingerprint | null;
  /** Over the rows of the three fingerprints. */
  readonly nulls: { readonly before: NullCounts; readonly after: NullCounts; readonly whole: NullCounts | null };
  readonly samples: Samples;
  /** Absent where no key comes twice. */
  readonly repeats?: Repeats;
  readonly files: {
    readonly inserted?: string | readonly EngineFile[];
    readonly updated?: string | readonly EngineFile[];
    readonly gone?: string | readonly EngineFile[];
    /** Carried and suspended rows. */
    readonly carried?: string | EngineFile;
    readonly rejects?: string;
    /** NDJSON of Dropped. */
    readonly drops?: string;
  };
}
