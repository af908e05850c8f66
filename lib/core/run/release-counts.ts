import { z } from 'zod';
import { type Stored, storedByName, storedBySome, storedCount } from '../objects/stored.ts';
import type { RejectCode } from '../records/reject.ts';

const rejectCounts = storedBySome<RejectCode>()(storedCount);

const releasedTable = z.object({
  records: storedCount,
  released: storedCount,
  /** Production already holds exactly this row, or the feed file leaves it out now. */
  there: storedCount,
  /** A later delivery has decided on the row. */
  newer: storedCount,
  /** Rows that are rejected again, by today's reason. */
  rejected: rejectCounts,
  /** All rows that wait from now on, those included that were not asked for, and the report that holds them. */
  waiting: rejectCounts,
  object: z.string().nullable(),
});

/** Number of records that were read again = released + there + newer + rejected. */
export type ReleasedTable = Stored<typeof releasedTable>;

export const releaseSchema = z.object({
  /** Name of the run that rejected the rows. */
  of: z.string(),
  tables: storedByName(releasedTable),
});

/** What a release makes of the quarantined rows of a run. */
export type Release = Stored<typeof releaseSchema>;
