import type { OLDER, RejectCode } from '../../core/records/reject.ts';
import type { Structural } from '../../core/run/pull-receipt.ts';
import type { Dropped } from '../../core/run/snapshot-manifest.ts';
import type { FileRange } from '../../core/sql/plans/repeats-sql.ts';
import type { ValueReject } from '../../core/sql/plans/value-reject.ts';
import type { PartFile } from './part-files.ts';

/** The relations that the plan reads, and what is known of their records. */
export interface Inputs {
  readonly relations: readonly (readonly [name: string, select: string])[];
  /** The records that the relation `next_records` must contain. */
  readonly next: readonly Pick<PartFile, 'index' | 'rows'>[];
  /** Number of matched records: the base has the same bytes, so the plan does not read them. */
  readonly matched: number;
  /** SQL that counts, as `n`, the unmatched records of the base that the filters exclude; null where the plan reads all records. */
  readonly filteredBase: string | null;
  /** Which records belong to which of the vendor's files. */
  files(): readonly FileRange[];
  /** Locates rejected records in landing, those that the plan found and malformed ones, in the order of the files. */
  locate(values: readonly ValueReject[]): AsyncIterable<LocatedReject>;
  /** The number, from 1, of a record of the delivery within its file. Reads its part of landing. */
  recordNumber(place: Dropped): Promise<number>;
}

/** A malformed record with its bytes. */
export interface MalformedRecord extends Structural {
  readonly bytes: Buffer;
}

/** A record that is rejected, or left out as an older version, found again in landing. */
export interface LocatedReject extends Dropped {
  readonly code: RejectCode | typeof OLDER;
  readonly col: string | null;
  readonly key: string | null;
  /** Whether its key can be read; null for a malformed record, whose fields have to be examined. */
  readonly readable: boolean | null;
  readonly bytes: Buffer;
}
