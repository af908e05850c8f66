import type { Fingerprint } from '../core/diff/fingerprint.ts';
import type { Column, Feed } from '../core/feed/spec.ts';
import type { RejectCode } from '../core/records/reject.ts';
import type { LandedTable, SnapshotManifest } from '../core/run/receipt.ts';

/** One table's work for an engine. */
export interface EngineInput {
  readonly table: string;
  readonly columns: readonly Column[];
  /** What the feed asks for; `auto` leaves the choice to the sizes and the bytes. */
  readonly engine: Feed['engine'];
  /** null on the first load. */
  readonly base: SnapshotManifest | null;
  readonly next: { readonly landed: LandedTable; readonly reading: SnapshotManifest['reading'] };
}

/** What an engine found. Files are local and typed Parquet, gone after `use` returns; absent when they would be empty. */
export interface EngineDiff {
  readonly engine: string;
  readonly reason: string;
  readonly accepted: number;
  readonly rejected: Readonly<Partial<Record<RejectCode, number>>>;
  readonly inserted: number;
  readonly updated: number;
  readonly gone: number;
  readonly suspended: number;
  readonly carried: number;
  readonly before: Fingerprint;
  readonly after: Fingerprint;
  /** Over all rows of the new snapshot, only when it had to be computed afresh (other columns are compared than before). */
  readonly whole: Fingerprint | null;
  readonly files: {
    readonly inserted?: string;
    readonly updated?: string;
    readonly gone?: string;
    /** Carried and suspended rows. */
    readonly carried?: string;
    readonly rejects?: string;
    /** NDJSON of Dropped. */
    readonly drops?: string;
  };
}
