import type { RejectCode } from '../../core/records/reject.ts';
import type { Dropped, Structural } from '../../core/run/receipt.ts';
import type { FileRange } from '../../core/sql/plans/repeats-sql.ts';
import type { PartFile } from './part-files.ts';

/** The relations that the plan reads, and what stands behind them. */
export interface Inputs {
  readonly relations: readonly (readonly [name: string, select: string])[];
  /** What `next_records` must hold. */
  readonly next: readonly Pick<PartFile, 'index' | 'rows'>[];
  /** Sound records that need no reading: the base has the same. */
  readonly matched: number;
  /** Counts, as `n`, what the filters leave out of the base's records that did not match; null where all are read. */
  readonly filteredBase: string | null;
  /** Which records are of which of the vendor's files. */
  files(): readonly FileRange[];
  /** Finds rejected records in landing: the plan's and the structural ones, in stream order. */
  locate(values: readonly ValueReject[]): AsyncIterable<LocatedReject>;
}

/** A structural reject with its bytes. */
export interface Broken extends Structural {
  readonly bytes: Buffer;
}

/** What the plan says of a record that it rejects. */
export interface ValueReject {
  readonly part: number;
  /** Number of the record in the relation that the plan read. */
  readonly ord: number;
  readonly code: RejectCode;
  /** Index of the column as text; null where the whole record is meant. */
  readonly col: string | null;
  readonly key: string | null;
  readonly readable: boolean;
}

/** A rejected record, found again in landing. */
export interface LocatedReject extends Dropped {
  readonly code: RejectCode;
  readonly col: string | null;
  readonly key: string | null;
  /** Whether its key can be read; null of a structural reject, of which only its fields tell. */
  readonly readable: boolean | null;
  readonly bytes: Buffer;
}
