import { takenAfter } from '../core/feed/spec/after.ts';
import type { RunId } from '../core/run/keys.ts';
import type { NightResult } from '../core/run/night-result.ts';
import { exitCodes } from '../core/run/state.ts';
import { workflows } from '../core/workflow/workflows.ts';
import type { WithLedger } from '../ports/ledger/ledger.ts';
import type { Runs } from '../ports/ledger/runs.ts';
import { isUnchanged, type LookPorts } from '../steps/arrive.ts';
import { asDelivered } from '../steps/base/as-delivered.ts';
import { type ClaimPorts, claim } from '../steps/claim.ts';
import { type NotifyPorts, notify } from '../steps/notify.ts';
import { type PickupPorts, pickUp, withoutPublished } from '../steps/pickup.ts';
import { findReceipt } from '../steps/run/receipts.ts';
import type { RunRequest } from '../steps/run/run-request.ts';
import { type TidyPorts, tidy } from '../steps/tidy.ts';
import { follow } from './follow.ts';
import { nightSteps, type StepPorts } from './night-steps.ts';
import { inRunSession, type SessionPorts } from './run-session.ts';

/** Nearly all that there is, because one process does every step. */
export type NightPorts = ClaimPorts &
  PickupPorts &
  LookPorts &
  SessionPorts &
  StepPorts['arrive'] &
  StepPorts['pull'] &
  StepPorts['diff'] &
  StepPorts['guard'] &
  StepPorts['publish'] &
  StepPorts['tidy'];

/** Runs a whole night in one process. A retry, and the continuation after an approval, are the same night again. */
export async function night(request: RunRequest, ports: NightPorts): Promise<NightResult> {
  if (takenAfter(request.feed) === undefined) return inOneProcess(request, ports);
  // What an earlier night left is taken first, so that this one does not see it.
  const before = (await ports.ledger.exists()) ? await pickUp(request.feed, ports) : null;
  const result = await inOneProcess(request, withoutPublished(ports));
  if (exitCodes[result.state] !== 0) return before === null ? result : { ...result, after: before };
  const { taken, left } = await pickUp(request.feed, ports);
  return { ...result, after: { taken: taken + (before?.taken ?? 0), left } };
}

function inOneProcess(request: RunRequest, ports: NightPorts): Promise<NightResult> {
  return inRunSession(ports, (session) =>
    follow(workflows.night, {
      async claim({ looked }) {
        const opening = await claim(request, ports, looked);
        if (opening.kind === 'settled') return { outcome: 'settled', left: { settled: opening } };
        if (opening.kind === 'open') {
          session.opens(opening.open);
          return { outcome: 'opened' };
        }
        await finish(opening.run, request, ports);
        session.finds(opening.run);
        return { outcome: opening.state };
      },
      async look({ settled }) {
        const isSame = await isUnchanged(request, settled, ports);
        return { outcome: isSame ? 'same' : 'new', left: { looked: { run: settled.run, isSame } } };
      },
      ...session.on(nightSteps),
    }),
  );
}

/** Does the steps after publish for a run whose process was killed after its commit. */
async function finish(
  run: RunId,
  request: RunRequest,
  ports: NotifyPorts & TidyPorts & WithLedger<Runs>,
): Promise<void> {
  await notify(ports);
  const row = await ports.ledger.find(run);
  if (row?.state !== 'published' || row.changeSet === undefined) return;
  const changes = await findReceipt(ports, run, 'diff', row.changeSet);
  if (changes) await tidy(asDelivered({ request, run }, changes.receipt), changes, ports);
}
