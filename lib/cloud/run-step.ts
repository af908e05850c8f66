import type { StepOutcome } from '../core/cloud/events.ts';
import { type LaterStep, workflows } from '../core/workflow/workflows.ts';
import type { WithLedger } from '../ports/ledger/ledger.ts';
import type { Heartbeats } from '../ports/ledger/open-runs.ts';
import type { Ports } from '../ports/ports.ts';
import { changesOf } from '../steps/base/earlier.ts';
import { notify } from '../steps/notify.ts';
import { type EndingPorts, endRun } from '../steps/run/ending.ts';
import { Heartbeat } from '../steps/run/heartbeat.ts';
import { type ResumedRun, takenOver } from '../steps/run/resumed-run.ts';
import type { OpenRun } from '../steps/run/run-request.ts';
import { summaries } from '../steps/run/summary.ts';
import { nightSteps, type StepPorts } from '../workflows/night-steps.ts';
import { type Given, type Products, type StepContext, unwatched } from '../workflows/step-work.ts';
import { type EnteredOpenRun, earlierProducts } from './earlier-products.ts';
import type { StepMemory } from './step-memory.ts';

/** What a process uses that does this one step. */
export type StepProcessPorts<Step extends LaterStep> = CloudStepPorts[Step] &
  Pick<Ports, 'begin' | 'store'> &
  WithLedger<Heartbeats>;

type CloudStepPorts = StepPorts & { readonly guard: EndingPorts };
type CloudSteps = {
  readonly [Step in LaterStep]: (
    context: StepContext<CloudStepPorts[Step]>,
    given: Given<(typeof workflows.night)[Step]>,
  ) => Promise<{ readonly left?: Partial<Products> } & StepOutcome>;
};

/** The steps of the night. The process of the guard also ends the run when it is held, which on a laptop the session does. */
const cloudSteps: CloudSteps = {
  ...nightSteps,
  async guard(context, given) {
    const answer = await nightSteps.guard(context, given);
    if (answer.outcome === 'held') await hold(context.open, given.changes, answer.left.judgement, context.ports);
    return answer;
  },
};

/** Does one step of the night, in a process that shares only ledger and lake with others; `memory` is that of the process. */
export async function runStep<Step extends LaterStep>(
  step: Step,
  entry: ResumedRun,
  ports: StepProcessPorts<Step>,
  memory: StepMemory,
): Promise<StepOutcome> {
  ports.begin(step);
  const { open, row } = entry;
  if (!open || step === 'tidy') return afterEnd[step](entry, ports);
  const heartbeat = new Heartbeat(open, ports);
  try {
    return await stepOnRun(step, { open, row }, ports, memory);
  } finally {
    heartbeat.stop();
  }
}

type AfterEnd<StepsPorts> = (entry: ResumedRun, ports: StepsPorts & Pick<Ports, 'store'>) => Promise<StepOutcome>;

const over = async ({ row }: ResumedRun): Promise<never> => {
  throw takenOver(row);
};

/** Each step after the run has ended: one of the last steps, or the step that ended the run, when its answer was lost. */
const afterEnd: { readonly [Step in LaterStep]: AfterEnd<CloudStepPorts[Step]> } = {
  arrive: over,
  pull: over,
  diff: over,
  async guard({ row }, ports) {
    if (row.state !== 'held') throw takenOver(row);
    await notify(ports);
    return { outcome: 'held' };
  },
  async publish({ row }) {
    if (row.state !== 'published') throw takenOver(row);
    return { outcome: 'published' };
  },
  notify: async ({ request, row }, ports) => nightSteps.notify({ ...alone, open: { request, run: row.run }, ports }),
  async tidy({ request, row }, ports) {
    if (row.state !== 'published') throw takenOver(row);
    const changes = await changesOf(row, ports);
    return nightSteps.tidy({ ...alone, open: { request, run: row.run }, ports }, { changes });
  },
};

async function stepOnRun<Step extends LaterStep>(
  step: Step,
  entered: EnteredOpenRun,
  ports: StepProcessPorts<Step>,
  memory: StepMemory,
): Promise<StepOutcome> {
  const { open } = entered;
  const row = workflows.night[step];
  const given = await earlierProducts<Step>(row, memory.take(row), entered, ports);
  const { left, ...outcome } = await cloudSteps[step]({ ...alone, open, ports }, given);
  memory.keep(left ?? {});
  return outcome;
}

/** Another process does the next step but one, so this one does not wait, and nobody uses its times. */
const alone = { round: 1, canWait: false, watch: unwatched } as const;

async function hold(
  open: OpenRun,
  { receipt, id: changeSet }: Products['changes'],
  { holds, warnings, samples }: Products['judgement'],
  ports: EndingPorts,
): Promise<void> {
  const tables = summaries(receipt);
  await endRun(open, { state: 'held', error: null, changeSet, tables, holds, warnings, samples }, ports);
}
