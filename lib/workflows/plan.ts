import { requireNews } from '../core/delivery/rewritten.ts';
import { asNightfeedError } from '../core/errors.ts';
import { openHolds } from '../core/guards/approval.ts';
import { evaluate } from '../core/guards/guard.ts';
import { compareRuns, type RunId } from '../core/run/keys.ts';
import { reportOf } from '../core/run/message.ts';
import { isFinished } from '../core/run/state.ts';
import type { Ports } from '../ports/ports.ts';
import { arriveUnclaimed, isUnchanged } from '../steps/arrive.ts';
import { asDelivered } from '../steps/base/as-delivered.ts';
import { isApplied } from '../steps/base/base-identity.ts';
import { busy, older } from '../steps/claim.ts';
import { diff } from '../steps/diff.ts';
import { pull } from '../steps/pull.ts';
import { newAttempt } from '../steps/run/attempt.ts';
import { checkLake } from '../steps/run/lake.ts';
import { answered, type NightResult } from '../steps/run/result.ts';
import type { OpenRun, RunRequest } from '../steps/run/run-request.ts';
import { summaries } from '../steps/run/summary.ts';

/**
 * What `night` would do, without a word to ledger or target. What it lands and compares is kept: the night finds the
 * receipts and need not do it again.
 */
export async function plan(request: RunRequest, ports: Ports): Promise<NightResult> {
  let run: RunId | null = null;
  try {
    await checkLake(request.feed.feed, ports);
    const { applied, latest, next } = await standing(request, ports);
    run = latest?.run ?? next;
    if (latest && (latest.state === 'held' || isFinished(latest.state))) {
      if (!(await isUnchanged(request, latest, ports))) run = next;
      else if (latest.state !== 'held') return answered(run, latest.state === 'published' ? 'unchanged' : latest.state);
    }
    // What a plan that is killed leaves lies under a name of its own, and is swept by its age.
    const open: OpenRun = { request, run, fence: 0, attempt: newAttempt('plan') };
    const arrival = await arriveUnclaimed(open, ports);
    const pulled = await pull(open, arrival, ports);
    const { request: written } = asDelivered(open, pulled);
    if (isApplied(written.feed, pulled, applied)) return answered(run, 'unchanged');
    const { receipt, id } = await diff({ ...open, request: written }, pulled, applied, ports);
    requireNews(arrival, receipt);
    const { ledger } = ports;
    const past = (await ledger.exists()) ? await ledger.pastNights(run, request.feed.guards.learn.nights) : [];
    const { holds, warnings } = evaluate({ feed: written.feed, date: run.date, arrival, diff: receipt, past });
    const approvals = latest !== undefined && holds.length > 0 ? await ledger.approvals(run, id) : [];
    return {
      ...answered(run, openHolds(holds, approvals).length > 0 ? 'held' : 'published'),
      tables: summaries(receipt),
      holds,
      warnings,
    };
  } catch (thrown) {
    const error = asNightfeedError(thrown);
    if (error.state === 'usage') throw error;
    return answered(run, error.state === 'busy' ? 'running' : error.state, reportOf(error));
  }
}

/** What the ledger knows of this night; throws what a claim would be refused with. */
async function standing({ feed: { feed }, date }: RunRequest, { ledger }: Ports) {
  const first = { feed, date, revision: 1 };
  if (!(await ledger.exists())) return { applied: null, latest: undefined, next: first };
  const applied = await ledger.applied(feed);
  if (applied && date < applied.run.date) throw older(date, applied.run);
  const holder = await ledger.busy(feed);
  if (holder) throw busy(holder);
  const runs = (await ledger.runs({ feed, limit: 100 })).filter((row) => row.run.date === date);
  runs.sort((a, b) => compareRuns(b.run, a.run));
  const revision = (runs[0]?.run.revision ?? 0) + 1;
  return { applied, latest: runs.find(({ origin }) => origin === null), next: { feed, date, revision } };
}
