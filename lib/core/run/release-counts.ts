import type { RejectCode } from '../records/reject.ts';

/** What becomes of the quarantine of a run. */
export interface Release {
  /** Name of the run that rejected the rows. */
  readonly of: string;
  readonly tables: Readonly<Record<string, ReleasedTable>>;
}

/** Records that were read again = released + there + newer + rejected. */
export interface ReleasedTable {
  readonly records: number;
  readonly released: number;
  /** Production holds exactly this row already, or the feed file leaves it out now. */
  readonly there: number;
  /** A later delivery decided on the row. */
  readonly newer: number;
  /** Still bad, by today's reason. */
  readonly rejected: Readonly<Partial<Record<RejectCode, number>>>;
  /** All that waits from now on, those included that nobody asked for, and the report that holds them. */
  readonly waiting: Readonly<Partial<Record<RejectCode, number>>>;
  readonly object: string | null;
}
