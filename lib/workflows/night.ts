import { asNightfeedError } from '../core/errors.ts';
import type { RunId } from '../core/run/keys.ts';
import type { ArriveReceipt, DiffReceipt, PullReceipt } from '../core/run/receipt.ts';
import type { RunState } from '../core/run/state.ts';
import type { Ports } from '../ports/ports.ts';
import { arrive, isUnchanged } from '../steps/arrive.ts';
import { asDelivered } from '../steps/base/as-delivered.ts';
import { isApplied } from '../steps/base/base-identity.ts';
import { claim, type Looked, type Opening } from '../steps/claim.ts';
import { diff } from '../steps/diff.ts';
import { guard } from '../steps/guard.ts';
import { notify } from '../steps/notify.ts';
import { publish } from '../steps/publish.ts';
import { pull } from '../steps/pull.ts';
import { findReceipt } from '../steps/run/receipts.ts';
import { answered, type NightResult } from '../steps/run/result.ts';
import type { OpenRun, RunRequest } from '../steps/run/run-request.ts';
import { tidy } from '../steps/tidy.ts';
import { inRunSession, type RunSession } from './run-session.ts';

/** claim → arrive → pull → diff → guard → publish → notify → tidy. Every retry and approval is simply the same night again. */
export async function night(request: RunRequest, ports: Ports): Promise<NightResult> {
  const opening = await openNight(request, ports);
  if (opening.kind === 'answered') {
    await finish(opening.run, request, ports);
    return answered(opening.run, opening.state);
  }

  return inRunSession(opening.open, ports, async (session) => {
    const arrival = await session.step('arrive', () => arrive(session.open, ports));
    const pulled = await session.step('pull', () => pull(session.open, arrival, ports));
    const delivered = asDelivered(session.open, pulled);
    const state = await bringIn(session, delivered, arrival, pulled, ports);
    if (state !== 'published') return session.end(state);
    await session.step('notify', () => notify(ports));
    await session.step('tidy', () => tidy(delivered, session.changes!, ports));
    return session.published();
  });
}

async function openNight(request: RunRequest, ports: Ports): Promise<Opening> {
  for (let looked: Looked | undefined; ; ) {
    const opening = await claim(request, ports, looked);
    if (opening.kind !== 'settled') return opening;
    looked = { run: opening.run, isSame: await isUnchanged(request, opening, ports) };
  }
}

/** What a process that was killed after its commit left undone. */
async function finish(run: RunId, request: RunRequest, ports: Ports): Promise<void> {
  await notify(ports);
  const row = await ports.ledger.find(run);
  if (row?.state !== 'published' || row.changeSet === undefined) return;
  const changes = await findReceipt<DiffReceipt>(ports, run, 'diff', row.changeSet);
  if (changes) await tidy(asDelivered({ request, run }, changes.receipt), changes, ports);
}

/** How often another delivery may be published under our feet before we give up. */
const MAX_ROUNDS = 3;

/** diff → guard → publish, onto what production holds at that moment. */
async function bringIn(
  session: RunSession,
  delivered: OpenRun,
  arrival: ArriveReceipt,
  pulled: PullReceipt,
  ports: Ports,
  round = 1,
): Promise<RunState> {
  // The rounds before left objects under their own prefix.
  const open = round === 1 ? delivered : { ...delivered, attempt: `${delivered.attempt}-${round}` };
  const applied = await ports.ledger.applied(open.run.feed);
  if (isApplied(open.request.feed, pulled, applied)) return 'unchanged';
  const changes = await session.step('diff', () => diff(open, pulled, applied, ports));
  await session.learn(changes);
  const judgement = await session.step('guard', () => guard(open, arrival, changes, ports));
  session.judged(judgement);
  if (!judgement.pass) return 'held';
  try {
    session.wrote(await session.step('publish', () => publish(open, changes, judgement.warnings, ports)));
    return 'published';
  } catch (error) {
    if (round === MAX_ROUNDS || asNightfeedError(error).name !== 'BASE_MOVED') throw error;
    return bringIn(session, delivered, arrival, pulled, ports, round + 1);
  }
}
