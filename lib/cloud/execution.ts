import { type ClaimAnswer, type ClaimEvent, everKnown, type StepEvent } from '../core/cloud/events.ts';
import { requireDue } from '../core/delivery/due-date.ts';
import { asNightfeedError, NightfeedError } from '../core/errors.ts';
import { shortHash } from '../core/feed/reading-spec.ts';
import { openHolds } from '../core/guards/approval.ts';
import { objectText, readObject } from '../core/objects/object-kind.ts';
import { keys, parseRunName, type RunId, runName } from '../core/run/keys.ts';
import { reportOf } from '../core/run/message.ts';
import { type NightResult, planResult } from '../core/run/night-result.ts';
import type { Claims } from '../ports/ledger/claims.ts';
import type { Decisions } from '../ports/ledger/decisions.ts';
import type { WithLedger } from '../ports/ledger/ledger.ts';
import type { Runs } from '../ports/ledger/runs.ts';
import type { Ports } from '../ports/ports.ts';
import { type ClaimPorts, claim, type Looked } from '../steps/claim.ts';
import { notify } from '../steps/notify.ts';
import { readFeed } from '../steps/run/feed-document.ts';
import { answered } from '../steps/run/result.ts';
import { executionOwner } from '../steps/run/resumed-run.ts';
import type { RunRequest } from '../steps/run/run-request.ts';
import { type PlanPorts, plan } from '../workflows/plan.ts';
import { type AnnouncedPorts, answerAnnounced } from './announced.ts';
import { type RequestPorts, requestOf } from './execution-request.ts';
import { answerHoliday } from './holiday.ts';
import { requireLedger } from './require-ledger.ts';

type ExecutionPorts = Pick<Ports, 'peopleRoles'> & ClaimPorts & RequestPorts & AnnouncedPorts & WithLedger<Decisions>;

/** The claim of an execution. `deployed` is the key of the feed that its pipeline was deployed with. */
export async function claimExecution(event: ClaimEvent, deployed: string, ports: ExecutionPorts): Promise<ClaimAnswer> {
  const answer = await answerTo(event, deployed, ports);
  if (knows(event, answer.outcome)) return answer;
  throw new NightfeedError(
    'EXECUTION_DIED',
    `the execution began before this version was deployed, so that its state machine does not know the answer ${answer.outcome}; nothing was done, start it again`,
  );
}

function knows({ knows: known = everKnown }: ClaimEvent, outcome: ClaimAnswer['outcome']): boolean {
  return known.includes(outcome);
}

async function answerTo(event: ClaimEvent, deployed: string, ports: ExecutionPorts): Promise<ClaimAnswer> {
  const { isDue, isHoliday, ...request } = await requestOf(event, deployed, ports);
  if (!isDue) return { run: firstOf(request), outcome: 'not-due' };
  await requireLedger(ports);
  const { plan: isPlan, errand } = event.input;
  if (isHoliday && !isPlan && !errand) return answerHoliday(event, request, ports);
  if (isPlan) requireDue(request, ports.now());
  if (isPlan || errand) return { run: firstOf(request), outcome: errand ?? 'plan' };
  if (request.resumes && (await waits(request.resumes, ports)))
    return { run: runName(request.resumes), outcome: 'held' };
  const answer = await answerAnnounced(event, request, ports);
  if (answer) return answer;
  const opening = await claim(request, ports, lookedOf(event)).catch(async (thrown: unknown) => {
    const run = await atWork(thrown, event, request, ports);
    if (run === undefined) throw thrown;
    return { kind: 'running', run } as const;
  });
  if (opening.kind === 'running') return { run: runName(opening.run), outcome: 'running' };
  if (opening.kind === 'settled') return settled(opening.run, event);
  if (opening.kind === 'open') return { run: runName(opening.open.run), outcome: 'opened' };
  // A process that was killed after its commit may have left a message in the outbox.
  await notify(ports);
  return { run: runName(opening.run), outcome: opening.state };
}

function firstOf({ feed: { feed }, date }: RunRequest): string {
  return runName({ feed, date, revision: 1 });
}

/**
 * The run of this very date that another execution works on, where nobody waits for an answer: schedule and event need not start
 * what somebody started before. Whoever asks by hand is told that the feed is busy, and so is an older state machine.
 */
async function atWork(
  thrown: unknown,
  event: ClaimEvent,
  { feed: { feed }, date }: RunRequest,
  { ledger }: WithLedger<Claims>,
): Promise<RunId | undefined> {
  const { scheduledTime, announced } = event.input;
  const isAlone = (scheduledTime ?? announced) !== undefined && knows(event, 'running');
  if (asNightfeedError(thrown).name !== 'BUSY' || !isAlone) return undefined;
  const run = (await ledger.busy(feed))?.run;
  return run?.date === date ? run : undefined;
}

function lookedOf({ looked }: ClaimEvent): Looked | undefined {
  if (!looked || looked.outcome === 'whole' || looked.outcome === 'incomplete') return undefined;
  return { run: parseRunName(looked.run)!, isSame: looked.outcome === 'same' };
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

/** Whether a held run still waits for somebody. */
async function waits(
  run: RunId,
  { ledger, peopleRoles }: Pick<Ports, 'peopleRoles'> & WithLedger<Runs & Decisions>,
): Promise<boolean> {
  const row = await ledger.find(run);
  if (row?.state !== 'held' || row.changeSet === undefined) return false;
  return openHolds(row.holds, await ledger.approvals(run, row.changeSet), peopleRoles).length > 0;
}
