import type { ClaimAnswer, ClaimEvent, ExecutionInput, StepEvent } from '../core/cloud/events.ts';
import { requireDue } from '../core/delivery/due-date.ts';
import { asNightfeedError, NightfeedError } from '../core/errors.ts';
import { businessDateAt, isBusinessDate } from '../core/feed/business-date.ts';
import { shortHash } from '../core/feed/reading-spec.ts';
import { openHolds } from '../core/guards/approval.ts';
import { objectText, readObject } from '../core/objects/object-kind.ts';
import { keys, parseRunName, type RunId, runName } from '../core/run/keys.ts';
import { reportOf } from '../core/run/message.ts';
import { type NightResult, planResult } from '../core/run/night-result.ts';
import { cloudLease } from '../core/workflow/lease.ts';
import type { Decisions } from '../ports/ledger/decisions.ts';
import type { LedgerPresence, WithLedger } from '../ports/ledger/ledger.ts';
import type { Owner } from '../ports/ledger/owner.ts';
import type { Runs } from '../ports/ledger/runs.ts';
import type { StepWorkers } from '../ports/ledger/step-workers.ts';
import type { Ports } from '../ports/ports.ts';
import { type ClaimPorts, claim, type Looked } from '../steps/claim.ts';
import { notify } from '../steps/notify.ts';
import { readFeed } from '../steps/run/feed-document.ts';
import { answered } from '../steps/run/result.ts';
import { executionOwner } from '../steps/run/resumed-run.ts';
import type { RunRequest } from '../steps/run/run-request.ts';
import { type PlanPorts, plan } from '../workflows/plan.ts';
import { forceOf } from './operator-job.ts';

type ExecutionPorts = ClaimPorts & WithLedger<LedgerPresence & Runs & StepWorkers & Decisions>;

/** The claim of an execution. `deployed` is the key of the feed that its pipeline was deployed with. */
export async function claimExecution(event: ClaimEvent, deployed: string, ports: ExecutionPorts): Promise<ClaimAnswer> {
  await requireLedger(ports);
  const request = await orderOf(event, deployed, ports);
  const { plan: isPlan, errand } = event.input;
  if (isPlan) requireDue(request, ports.now());
  if (isPlan || errand) {
    const run = runName({ feed: request.feed.feed, date: request.date, revision: 1 });
    return { run, outcome: errand ?? 'plan' };
  }
  if (request.resumes && (await waits(request.resumes, ports)))
    return { run: runName(request.resumes), outcome: 'held' };
  const opening = await claim(request, ports, lookedOf(event));
  if (opening.kind === 'settled') return settled(opening.run, event);
  if (opening.kind === 'open') return { run: runName(opening.open.run), outcome: 'opened' };
  // A process that was killed after its commit may have left a message in the outbox.
  await notify(ports);
  return { run: runName(opening.run), outcome: opening.state };
}

/** Throws LEDGER_MISSING, and LEDGER_VERSION for a ledger that this version may not read. */
export async function requireLedger({ ledger }: WithLedger<LedgerPresence>): Promise<void> {
  if (!(await ledger.exists())) throw new NightfeedError('LEDGER_MISSING', 'this database has no ledger');
}

function lookedOf({ looked }: ClaimEvent): Looked | undefined {
  return looked ? { run: parseRunName(looked.run)!, isSame: looked.outcome === 'same' } : undefined;
}

function settled(run: RunId, { looked }: ClaimEvent): ClaimAnswer {
  if (looked === undefined)
    throw new NightfeedError(
      'EXECUTION_DIED',
      `the execution began before this version was deployed, so that it cannot look whether ${runName(run)} is all that came`,
    );
  return { run: runName(run), outcome: 'settled' };
}

/** Plans the night, and stores the result in the lake for the person who started the execution. */
export async function planExecution(event: StepEvent, deployed: string, ports: PlanPorts): Promise<void> {
  const { date } = parseRunName(event.run)!;
  const feed = await readFeed(ports, deployed);
  const request = { feed, date, folder: '', owner: executionOwner(event.execution) };
  const result = await ports.target
    .inspect(feed)
    .then(() => plan(request, ports))
    .catch((thrown: unknown) => answered(null, 'failed', reportOf(asNightfeedError(thrown))));
  await ports.store.create(planKey(feed.feed, event.execution), objectText(planResult, result));
}

/** The result of a plan; null until it is there. */
export async function planOf(
  feed: string,
  execution: string,
  ports: Pick<Ports, 'store'>,
): Promise<NightResult | null> {
  const key = planKey(feed, execution);
  const text = await ports.store.readText(key);
  return text === null ? null : readObject(planResult, text, key);
}

function planKey(feed: string, execution: string): string {
  return keys.plan(feed, shortHash(execution));
}

async function orderOf(
  { input, execution, started }: ClaimEvent,
  deployed: string,
  ports: Pick<Ports, 'store'> & WithLedger<Runs & StepWorkers>,
): Promise<RunRequest> {
  refuseRules(input, deployed);
  const owner = executionOwner(execution);
  const resumes = input.resumes === undefined ? undefined : parseRunName(input.resumes)!;
  const feed = await readFeed(ports, resumes ? await documentOf(resumes, owner, deployed, ports) : deployed);
  const date = resumes?.date ?? input.date ?? businessDateAt(feed, new Date(input.scheduledTime ?? started));
  if (!isBusinessDate(date)) throw new NightfeedError('USAGE', `received a night of ${date}; expected one in this age`);
  return {
    feed,
    date,
    folder: '',
    owner,
    lease: cloudLease('claim'),
    ...(resumes ? { resumes } : {}),
    ...(input.forced ? { force: await forceOf(feed.feed, execution, date, ports) } : {}),
  };
}

/** Refuses an input that names another feed document or a force: the right to start executions includes neither. */
function refuseRules({ feed, force }: ExecutionInput, deployed: string): void {
  if (feed !== undefined && feed !== deployed)
    throw new NightfeedError('FEED_OTHER', `the input names the feed document ${feed}; deployed is ${deployed}`);
  if (force !== undefined)
    throw new NightfeedError('USAGE', 'received `force` in the input, where nobody proves the name that it gives', {
      hint: 'Sign in to AWS, then `nightfeed run --stack STAGE-FEED --date DATE --force --reason WHY`.',
    });
}

/**
 * The feed document of a run. A run that was held, or that this execution has opened already, keeps its document. Any other run gets the
 * deployed document.
 */
async function documentOf(
  run: RunId,
  { host }: Owner,
  deployed: string,
  ports: WithLedger<Runs & StepWorkers>,
): Promise<string> {
  const [row, progress] = [await ports.ledger.find(run), await ports.ledger.progress(run)];
  if (!row || !progress) throw new NightfeedError('RUN_UNKNOWN', `the ledger has no run ${runName(run)}`);
  const isMine = progress.state === 'running' && progress.owner?.host === host;
  return row.state === 'held' || isMine ? keys.feed(run.feed, row.feedHash) : deployed;
}

/** Whether a held run still waits for somebody. */
async function waits(run: RunId, { ledger }: WithLedger<Runs & Decisions>): Promise<boolean> {
  const row = await ledger.find(run);
  if (row?.state !== 'held' || row.changeSet === undefined) return false;
  return openHolds(row.holds, await ledger.approvals(run, row.changeSet)).length > 0;
}
