import { asNightfeedError } from '../core/errors.ts';
import { takenAfter } from '../core/feed/spec/after.ts';
import { compareRuns, type RunId } from '../core/run/keys.ts';
import { reportOf } from '../core/run/message.ts';
import type { NightResult } from '../core/run/night-result.ts';
import { isFinished } from '../core/run/state.ts';
import { workflows } from '../core/workflow/workflows.ts';
import type { Applied, AppliedState } from '../ports/ledger/applied.ts';
import type { Claims } from '../ports/ledger/claims.ts';
import type { Lakes } from '../ports/ledger/lakes.ts';
import type { LedgerPresence, WithLedger } from '../ports/ledger/ledger.ts';
import type { Pickups } from '../ports/ledger/pickups.ts';
import type { RunRow, Runs } from '../ports/ledger/runs.ts';
import { isUnchanged, type LookPorts } from '../steps/arrive.ts';
import { busy, older } from '../steps/claim.ts';
import { withoutPublished } from '../steps/pickup.ts';
import { newAttempt } from '../steps/run/attempt.ts';
import { checkLake } from '../steps/run/lake.ts';
import { answered } from '../steps/run/result.ts';
import type { OpenRun, RunRequest } from '../steps/run/run-request.ts';
import { summaries } from '../steps/run/summary.ts';
import { bound, type Followed, follow } from './follow.ts';
import { nightSteps, type StepPorts } from './night-steps.ts';
import { type StepContext, unwatched } from './step-work.ts';

/** It sends nothing, and writes nothing to the ledger but through `unwritten`. */
export type PlanPorts = LookPorts &
  StepPorts['arrive'] &
  StepPorts['pull'] &
  StepPorts['diff'] &
  StepPorts['guard'] &
  WithLedger<Standings & Pick<Lakes, 'lake'> & Pick<Pickups, 'openPickups'>>;

/**
 * Finds out what `night` would do, without writing to ledger or target. What it landed and compared stays in the lake: the night finds the
 * receipts and does not repeat the work.
 */
export async function plan(request: RunRequest, given: PlanPorts): Promise<NightResult> {
  let run: RunId | null = null;
  try {
    await checkLake(request.feed.feed, given);
    const ports = await asPublished(request, given);
    const known = await standing(request, ports);
    const { latest, next } = known;
    run = latest?.run ?? next;
    if (latest && (latest.state === 'held' || isFinished(latest.state))) {
      if (!(await isUnchanged(request, latest, ports))) run = next;
      else if (latest.state !== 'held') return answered(run, latest.state === 'published' ? 'unchanged' : latest.state);
    }
    // Objects of a killed plan have the plan's own name in their keys, and are removed when they are old.
    const open: OpenRun = { request, run, fence: 0, attempt: newAttempt('plan') };
    const { state, left } = await followPlan(open, { ...ports, ledger: unwritten(ports.ledger, known) });
    const { changes, judgement } = left;
    if (!changes || !judgement) return answered(run, state);
    const { holds, warnings } = judgement;
    return { ...answered(run, state), tables: summaries(changes.receipt), holds, warnings };
  } catch (thrown) {
    const error = asNightfeedError(thrown);
    if (error.state === 'usage') throw error;
    return answered(run, error.state === 'busy' ? 'running' : error.state, reportOf(error));
  }
}

/** The same ports, to a source without what waits to be taken away. */
async function asPublished({ feed }: RunRequest, ports: PlanPorts): Promise<PlanPorts> {
  const isTaken = takenAfter(feed) !== undefined && (await ports.ledger.exists());
  return isTaken ? withoutPublished(ports) : ports;
}

type Standings = LedgerPresence & AppliedState & Pick<Claims, 'busy'> & Runs;

/** What the ledger knows about the date. */
interface Standing {
  readonly exists: boolean;
  readonly applied: Applied | null;
  /** The latest night of the date. */
  readonly latest: RunRow | undefined;
  /** The run that would be opened if that one is over. */
  readonly next: RunId;
}

/** Throws the error with which claim would refuse the date. */
async function standing({ feed: { feed }, date }: RunRequest, { ledger }: WithLedger<Standings>): Promise<Standing> {
  if (!(await ledger.exists()))
    return { exists: false, applied: null, latest: undefined, next: { feed, date, revision: 1 } };
  const applied = await ledger.applied(feed);
  if (applied && date < applied.run.date) throw older(date, applied.run);
  const holder = await ledger.busy(feed);
  if (holder) throw busy(holder);
  const nights = (await ledger.runs({ feed, limit: 100 })).filter(
    ({ run, origin }) => run.date === date && origin === null,
  );
  nights.sort((a, b) => compareRuns(b.run, a.run));
  return { exists: true, applied, latest: nights[0], next: await ledger.nextRun(feed, date) };
}

/** A ledger for plans: nothing is written to it, and when it does not exist yet it is empty. */
function unwritten(ledger: PlanPorts['ledger'], { exists, applied }: Standing): PlanPorts['ledger'] {
  const unknown = { pastNights: async () => [], approvals: async () => [] };
  return { ...ledger, ...(exists ? {} : unknown), applied: async () => applied, note: async () => {} };
}

function followPlan(open: OpenRun, ports: PlanPorts): Promise<Followed> {
  const { arrive, pull, diff, guard } = nightSteps;
  const context: StepContext<PlanPorts> = { open, ports, round: 1, canWait: true, watch: unwatched };
  const steps = bound<PlanPorts, Pick<typeof nightSteps, 'arrive' | 'pull' | 'diff' | 'guard'>>(
    { arrive, pull, diff, guard },
    (_name, step, given) => step(context, given),
  );
  return follow(workflows.plan, steps);
}
