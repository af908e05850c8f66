import type { StepOutcome } from '../core/cloud/events.ts';
import { type LaterStep, workflows } from '../core/workflow/workflows.ts';
import type { Ports } from '../ports/ports.ts';
import { changesOf } from '../steps/base/earlier.ts';
import { notify } from '../steps/notify.ts';
import { type EndingPorts, endRun } from '../steps/run/ending.ts';
import { Heartbeat } from '../steps/run/heartbeat.ts';
import { type ResumedRun, takenOver } from '../steps/run/resumed-run.ts';
import type { OpenRun } from '../steps/run/run-request.ts';
import { summaries } from '../steps/run/summary.ts';
import { type NightSteps, nightSteps } from '../workflows/night-steps.ts';
import { type Products, unwatched } from '../workflows/step-work.ts';
import { type EnteredOpenRun, earlierProducts } from './earlier-products.ts';

/** Does one step of the night, in a process that shares only ledger and lake with the others. */
export async function runStep(step: LaterStep, entry: ResumedRun, ports: Ports): Promise<StepOutcome> {
  ports.begin(step);
  const { open, row } = entry;
  if (!open || step === 'tidy') return stepAfterEnd(step, entry, ports);
  const heartbeat = new Heartbeat(open, ports);
  try {
    return await stepOnRun(step, { open, row }, ports);
  } finally {
    heartbeat.stop();
  }
}

/** Does a step after the run has ended: one of the last steps, or the step that ended the run, when its answer was lost. */
async function stepAfterEnd(step: LaterStep, { request, row }: ResumedRun, ports: Ports): Promise<StepOutcome> {
  const context = { ...alone, open: { request, run: row.run }, ports };
  if (step === 'notify') return nightSteps.notify(context);
  if (step === 'guard' && row.state === 'held') {
    await notify(ports);
    return { outcome: 'held' };
  }
  if (step === 'publish' && row.state === 'published') return { outcome: 'published' };
  if (step !== 'tidy' || row.state !== 'published') throw takenOver(row);
  return nightSteps.tidy(context, { changes: await changesOf(row, ports) });
}

async function stepOnRun<Step extends LaterStep>(
  step: Step,
  entered: EnteredOpenRun,
  ports: Ports,
): Promise<StepOutcome> {
  const { open } = entered;
  const given = await earlierProducts<Step>(workflows.night[step], entered, ports);
  const work: NightSteps[Step] = nightSteps[step];
  const { left, ...outcome } = await work({ ...alone, open, ports }, given);
  if (outcome.outcome === 'held') await hold(open, { ...given, ...left }, ports);
  return outcome as StepOutcome;
}

/** Other processes do the other steps, so this one does not wait, and nobody uses its times. */
const alone = { round: 1, canWait: false, watch: unwatched } as const;

async function hold(open: OpenRun, { changes, judgement }: Partial<Products>, ports: EndingPorts): Promise<void> {
  const { holds, warnings, samples } = judgement!;
  const tables = summaries(changes!.receipt);
  await endRun(open, { state: 'held', error: null, changeSet: changes!.id, tables, holds, warnings, samples }, ports);
}
