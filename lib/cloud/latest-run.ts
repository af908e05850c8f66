import type { BusinessDate } from '../core/feed/business-date.ts';
import type { WithLedger } from '../ports/ledger/ledger.ts';
import type { RunRow, Runs } from '../ports/ledger/runs.ts';

/** The last revision of a date; null for a date without a run. */
export async function latestRun(
  feed: string,
  date: BusinessDate,
  { ledger }: WithLedger<Runs>,
): Promise<RunRow | null> {
  const next = await ledger.nextRun(feed, date);
  return next.revision === 1 ? null : ledger.find({ ...next, revision: next.revision - 1 });
}
