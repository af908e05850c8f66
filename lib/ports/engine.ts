import type { Readable } from 'node:stream';
import type { Expression } from '../core/expression/expression.ts';
import type { EngineChoice } from '../core/feed/descriptors/engine-descriptor.ts';
import type { Column, Feed } from '../core/feed/spec.ts';
import type { ComparedColumn } from '../core/run/applied-table.ts';
import type {
  Arriving,
  EngineDiff,
  EngineFile,
  EngineInput,
  Exported,
  ImportedRows,
  StreamingDiff,
} from './comparison.ts';
import type { LocalFile } from './file-format.ts';
import type { EngineRelease, QuarantinedRecord, ReleaseInput } from './quarantine.ts';

/** A process that compares and converts; everything on local files below a scratch folder that the engine empties itself. */
export interface Engine {
  /** Part of the diff's inputs: another version may compute another change set. */
  readonly version: string;
  /** Whether it may look on while tables land: where another process will compute the diff, that is for nothing. */
  readonly canStream: boolean;
  /** Whether a table of so many uncompressed bytes is compared in a job of its own. */
  needsJob(asked: EngineChoice, bytes: number): boolean;
  /** Looks on while a table lands; null when that would not help. */
  startStreamingDiff(arriving: Arriving): Promise<StreamingDiff | null>;
  /** Closes what looked on. */
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
  /** A vendor's file below the scratch folder until `remove`. Throws ENGINE_EXHAUSTED where `size` bytes, or those that come, have no room. */
  keepLocally(bytes: AsyncIterable<Buffer>, size: number): Promise<KeptFile>;
  /** Rows of Parquet objects of ours as PostgreSQL COPY text, columns as in the feed; `only` those for which this is true. */
  copyText(
    parquet: readonly string[],
    table: Pick<Feed['tables'][string], 'columns' | 'key'>,
    only?: Expression,
  ): Readable;
}

export interface KeptFile extends LocalFile {
  remove(): Promise<void>;
}
