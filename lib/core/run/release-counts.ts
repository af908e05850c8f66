import type { RejectCode } from '../records/reject.ts';

/** What a release makes of the quarantined rows of a run. */
export interface Release {
  /** Name of the run that rejected the rows. */
  readonly of: string;
  readonly tables: Readonly<Record<string, ReleasedTable>>;
}

/** Number of records that were read again = released + there + newer + rejected. */
export interface ReleasedTable {
  readonly records: number;
  readonly released: number;
  /** Production already holds exactly this row, or the feed file leaves it out now. */
  readonly there: number;
  /** A later delivery has decided on the row. */
  readonly newer: number;
  /** Rows that are rejected again, by today's reason. */
  readonly rejected: Readonly<Partial<Record<RejectCode, number>>>;
  /** All rows that wait from now on, those included that were not asked for, and the report that holds them. */
  readonly waiting: Readonly<Partial<Record<RejectCode, number>>>;
  readonly object: string | null;
}
