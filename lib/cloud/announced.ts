import type { ClaimAnswer, ClaimEvent } from '../core/cloud/events.ts';
import { isDue } from '../core/delivery/due-date.ts';
import { startOf } from '../core/feed/business-date.ts';
import { runName } from '../core/run/keys.ts';
import { isSettled } from '../core/run/state.ts';
import type { AppliedState } from '../ports/ledger/applied.ts';
import type { Claims } from '../ports/ledger/claims.ts';
import type { WithLedger } from '../ports/ledger/ledger.ts';
import type { Runs } from '../ports/ledger/runs.ts';
import type { Ports } from '../ports/ports.ts';
import type { RunRequest } from '../steps/run/run-request.ts';
import { latestRun } from './latest-run.ts';

export type AnnouncedPorts = Pick<Ports, 'now'> & WithLedger<AppliedState & Claims & Runs>;

/**
 * The answer to an event that announces a delivery; undefined where claim goes on as for anybody. Events come early, often, twice and from
 * whoever may put them, and nobody waits for an answer. So no run is opened before a look found the delivery whole, and what is no
 * reason to begin a night ends without a message and without an alarm.
 */
export async function answerAnnounced(
  { input, looked }: ClaimEvent,
  request: RunRequest,
  ports: AnnouncedPorts,
): Promise<ClaimAnswer | undefined> {
  if (!input.announced) return undefined;
  const { feed, date, owner } = request;
  const now = ports.now();
  const run = runName({ feed: feed.feed, date, revision: 1 });
  const awaited = { run, outcome: 'awaited' } as const;
  const applied = await ports.ledger.applied(feed.feed);
  if (!isDue(request, now) || (applied && date < applied.run.date)) return awaited;
  const active = await ports.ledger.busy(feed.feed);
  if (active?.owner.host === owner.host) return undefined;
  if (active?.run.date === date) return { run: runName(active.run), outcome: 'running' };
  // The schedule will start it. Without one, or after it, the night is tried again until the other one is over.
  if (active) return (startOf(feed, date) ?? now) > now ? awaited : undefined;
  const last = await latestRun(feed.feed, date, ports);
  if (last && isSettled(last.state)) return undefined;
  if (!looked) return { run, outcome: 'announced' };
  return looked.outcome === 'whole' ? undefined : awaited;
}
