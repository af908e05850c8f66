import type { StepOutcome } from '../core/cloud/events.ts';
import { reasonForSpark } from '../core/feed/spark-choice.ts';
import type { StepName } from '../core/workflow/workflows.ts';
import type { RunRow } from '../ports/ledger/runs.ts';
import type { Ports } from '../ports/ports.ts';
import { arriveAtOnce } from '../steps/arrive.ts';
import { asDelivered } from '../steps/base/as-delivered.ts';
import { isApplied } from '../steps/base/base-identity.ts';
import { arrivalOf, changesOf } from '../steps/base/earlier.ts';
import { diff, noteChanges } from '../steps/diff.ts';
import { guard } from '../steps/guard.ts';
import { notify } from '../steps/notify.ts';
import { publish } from '../steps/publish.ts';
import { pull, pulledBefore } from '../steps/pull.ts';
import { endRun } from '../steps/run/ending.ts';
import { Heartbeat } from '../steps/run/heartbeat.ts';
import { type ResumedRun, takenOver } from '../steps/run/resumed-run.ts';
import type { OpenRun } from '../steps/run/run-request.ts';
import { summaries } from '../steps/run/summary.ts';
import { tidy } from '../steps/tidy.ts';

/** Steps after claim. */
export type LaterStep = Exclude<StepName, 'claim'>;

/** The night's steps for processes that share nothing but ledger and lake; `night.ts` is the same in one process. */
export async function runStep(step: LaterStep, entry: ResumedRun, ports: Ports): Promise<StepOutcome> {
  ports.begin(step);
  if (!entry.open) return stepAfterEnd(step, entry, ports);
  const heartbeat = new Heartbeat(entry.open, ports);
  try {
    return await stepWork[step](entry.open, entry.row, ports);
  } finally {
    heartbeat.stop();
  }
}

/** The last steps come after the run's end; one that ended it is asked again when its answer was lost. */
async function stepAfterEnd(step: LaterStep, { request, row }: ResumedRun, ports: Ports): Promise<StepOutcome> {
  if (step === 'notify') return tell(ports);
  if (step === 'guard' && row.state === 'held') {
    await notify(ports);
    return { outcome: 'held' };
  }
  if (step === 'publish' && row.state === 'published') return { outcome: 'published' };
  if (step !== 'tidy' || row.state !== 'published') throw takenOver(row);
  const changes = await changesOf(row, ports);
  await tidy(asDelivered({ request, run: row.run }, changes.receipt), changes, ports);
  return { outcome: 'tidied' };
}

async function tell(ports: Ports): Promise<StepOutcome> {
  return { outcome: 'told', sent: await notify(ports) };
}

type StepWork = (open: OpenRun, row: RunRow, ports: Ports) => Promise<StepOutcome>;

const stepWork: Readonly<Record<LaterStep, StepWork>> = {
  async arrive(open, _row, ports) {
    const sight = await arriveAtOnce(open, ports);
    return sight.kind === 'ready' ? { outcome: 'arrived' } : { outcome: 'waiting', seconds: sight.seconds };
  },
  async pull(open, row, ports) {
    const { tables } = await pull(open, await arrivalOf(row, ports), ports);
    const { feed } = open.request;
    const isLarge = Object.values(tables).some(({ bytes }) => reasonForSpark(feed, bytes) !== null);
    return { outcome: 'pulled', engine: isLarge ? 'spark' : 'local' };
  },
  async diff(open, row, ports) {
    const pulled = await pulledBefore(open, await arrivalOf(row, ports), ports);
    const delivered = asDelivered(open, pulled);
    const applied = await ports.ledger.applied(row.run.feed);
    if (isApplied(delivered.request.feed, pulled, applied)) return { outcome: 'unchanged' };
    await noteChanges(open, await diff(delivered, pulled, applied, ports), ports);
    return { outcome: 'compared' };
  },
  async guard(open, row, ports) {
    const changes = await changesOf(row, ports);
    const delivered = asDelivered(open, changes.receipt);
    const { pass, holds, warnings, samples } = await guard(delivered, await arrivalOf(row, ports), changes, ports);
    if (pass) return { outcome: 'pass' };
    const tables = summaries(changes.receipt);
    await endRun(open, { state: 'held', error: null, changeSet: changes.id, tables, holds, warnings, samples }, ports);
    return { outcome: 'held' };
  },
  async publish(open, row, ports) {
    const changes = await changesOf(row, ports);
    await publish(asDelivered(open, changes.receipt), changes, row.warnings ?? [], ports);
    return { outcome: 'published' };
  },
  notify: (_open, _row, ports) => tell(ports),
  async tidy(_open, row) {
    throw takenOver(row);
  },
};
