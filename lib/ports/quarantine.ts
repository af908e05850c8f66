import type { Fingerprint } from '../core/diff/fingerprint.ts';
import type { Samples } from '../core/diff/samples.ts';
import type { ReadingSpec } from '../core/feed/reading-spec.ts';
import type { Column } from '../core/feed/spec.ts';
import type { RejectCode } from '../core/records/reject.ts';
import type { FileParts, RecordEnd } from '../core/run/file-parts.ts';
import type { ReleasedTable } from '../core/run/release-counts.ts';
import type { SnapshotManifest } from '../core/run/snapshot-manifest.ts';
import type { EngineDiff, EngineInput } from './comparison.ts';

/** A quarantined record as its report has it. Everything but `code` and `object` is the vendor's text. */
export interface QuarantinedRecord {
  readonly code: RejectCode;
  readonly column: string | null;
  readonly key: string | null;
  readonly file: string;
  /** Landing part, and the record's place in its decompressed bytes. */
  readonly object: string;
  readonly offset: number;
  readonly length: number;
  /** The first 10,000 bytes. */
  readonly raw: string;
}

/** Quarantined records of one table, to be read again. */
export interface ReleaseInput {
  readonly table: string;
  readonly columns: readonly Column[];
  /** Today's. */
  readonly reading: ReadingSpec;
  /** What production holds. */
  readonly base: SnapshotManifest;
  /** The same of the tables that this one references. */
  readonly parents: EngineInput['parents'];
  /** Report of the waiting records, and the files that they came in. */
  readonly rejects: string;
  readonly files: readonly FileParts[];
  /** Where today's format options read other fields: the records of the files that have these parts, in order. */
  readonly again?: ((objects: Iterable<string>) => AsyncIterable<RecordAgain>) | undefined;
  /** Only those of this reason. */
  readonly code: string | null;
  /** The run itself, and what was published after it, in order. */
  readonly since: readonly Published[];
}

/** A record as today's format options read it, and where landing has it. */
export interface RecordAgain {
  readonly object: string;
  readonly offset: number;
  /** Record text with its end; valid until the next record is asked for. */
  readonly bytes: Buffer;
  readonly header: readonly string[];
  readonly recordEnd: RecordEnd;
  readonly fault: RejectCode | null;
}

/** What a publication says about single rows: objects of typed Parquet, null when empty. */
export type Published =
  /** It left undecided what it carried and what it rejected; all else it brought, changed or took away. */
  | { readonly kind: 'night'; readonly carried: string | null; readonly rejects: string | null }
  | { readonly kind: 'release'; readonly changed: readonly string[] };

/** What reading them again came to. Files are local and gone after `use` returns; absent when empty. */
export interface EngineRelease extends Omit<ReleasedTable, 'object'> {
  /** By name of a rule that does not reject: how many of the released rows break it. */
  readonly broken: Readonly<Record<string, number>>;
  readonly inserted: number;
  readonly updated: number;
  /** Rows that are not records of the base's delivery, from now on. */
  readonly carried: number;
  readonly before: Fingerprint;
  readonly after: Fingerprint;
  readonly whole: Fingerprint | null;
  readonly nulls: EngineDiff['nulls'];
  readonly samples: Omit<Samples, 'rejected'>;
  readonly files: {
    readonly inserted?: string;
    readonly updated?: string;
    readonly carried?: string;
    /** What waits from now on. */
    readonly rejects?: string;
  };
}
