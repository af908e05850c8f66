import { isDated } from '../../core/delivery/dated.ts';
import type { SourceFile } from '../../core/delivery/source-file.ts';
import { compareRuns } from '../../core/run/keys.ts';
import type { LedgerPresence, WithLedger } from '../../ports/ledger/ledger.ts';
import type { Runs } from '../../ports/ledger/runs.ts';
import type { Ports } from '../../ports/ports.ts';
import { findReceipt } from '../run/receipts.ts';
import type { RunRequest } from '../run/run-request.ts';

/** How many runs are searched for the last delivery. */
const RUNS_BACK = 100;

/** The marker of the previous delivery, where the marker is one file for all dates. */
export async function lastMarker(
  { feed, date }: RunRequest,
  ports: Pick<Ports, 'store'> & WithLedger<LedgerPresence & Runs>,
): Promise<SourceFile | undefined> {
  const { marker } = feed.ready;
  if (marker === undefined || isDated(feed, marker) || !(await ports.ledger.exists())) return undefined;
  const runs = await ports.ledger.runs({ feed: feed.feed, limit: RUNS_BACK });
  const before = runs.filter(({ run, listing }) => run.date < date && listing !== undefined);
  const last = before.sort((a, b) => compareRuns(b.run, a.run))[0];
  return last && (await findReceipt(ports, last.run, 'arrive', last.listing!))?.receipt.marker;
}
