import type { StepEvent, StepOutcome } from '../core/cloud/events.ts';
import { asNightfeedError, type NightfeedError } from '../core/errors.ts';
import { deadlineOf, nextNightOf } from '../core/feed/business-date.ts';
import { reportOf } from '../core/run/message.ts';
import type { EndedStep } from '../core/run/step-use.ts';
import type { TaskName } from '../core/workflow/processes.ts';
import type { LaterStep } from '../core/workflow/workflows.ts';
import type { WithLedger } from '../ports/ledger/ledger.ts';
import type { RunRow, Runs } from '../ports/ledger/runs.ts';
import type { RecordedOutcome, StepWorkers } from '../ports/ledger/step-workers.ts';
import type { Ports } from '../ports/ports.ts';
import { type EnteredRun, enterRun, resumeRun } from '../steps/run/resumed-run.ts';
import { retrying } from '../steps/run/retry.ts';
import type { RunRequest } from '../steps/run/run-request.ts';
import { loggedStep, type StepLogPorts } from '../steps/run/step-log.ts';
import { volumeOf } from '../workflows/step-volume.ts';
import { runStep, type StepProcessPorts } from './run-step.ts';
import { inTime } from './step-limit.ts';
import { StepMemory } from './step-memory.ts';
import { stepMetrics } from './step-metrics.ts';

/** What a step's process uses, with entering the run and recording what came of it. */
export type WorkerPorts<Step extends LaterStep> = StepProcessPorts<Step> &
  Pick<Ports, 'say' | 'sleep' | 'measure'> &
  StepLogPorts &
  WithLedger<StepWorkers & Runs>;

/**
 * Does one step of an open run in a process of its own, which knows only the run's name and owner; the results of earlier steps are in
 * their receipts. It records the outcome, or the error, in the ledger. Throws what the step throws.
 */
export async function runFunctionStep<Step extends LaterStep>(
  step: Step,
  event: StepEvent,
  ports: WorkerPorts<Step>,
): Promise<StepOutcome> {
  const attempt = await tryStep(step, event, ports, (work) => work, new StepMemory());
  if ('error' in attempt) throw attempt.error;
  return attempt.outcome;
}

/** Seconds before each new try of a step: a database needs about a minute to fail over. */
const PAUSES = [15, 60, 120];

/**
 * The same in a container, which can only exit but has time: it repeats a step after transient failures. Resolves when the ledger has the
 * outcome, or when another process has the run; throws when only a new process may help. After EXECUTION_DIED the step may still be at
 * work, so the process has to exit. `memory` is for the other steps of the container.
 */
export async function runTaskStep<Step extends TaskName>(
  step: Step,
  event: StepEvent,
  ports: WorkerPorts<Step>,
  memory = new StepMemory(),
): Promise<StepOutcome | NightfeedError> {
  for (let round = 0; ; round += 1) {
    const attempt = await tryStep(step, event, ports, (work) => inTime(step, work), memory);
    if ('outcome' in attempt) return attempt.outcome;
    const { error, isTold } = attempt;
    const pause = PAUSES[round];
    if (!error.transient || pause === undefined) {
      if (isTold && error.name !== 'UNFORESEEN') return error;
      throw error;
    }
    ports.say(`${error.name}: ${error.message}; the step begins again in ${pause} s`);
    await ports.sleep(pause * 1000);
  }
}

type StepTry = { readonly outcome: StepOutcome } | { readonly error: NightfeedError; readonly isTold: boolean };

async function tryStep<Step extends LaterStep>(
  step: Step,
  event: StepEvent,
  ports: WorkerPorts<Step>,
  limited: (work: Promise<StepOutcome>) => Promise<StepOutcome>,
  memory: StepMemory,
): Promise<StepTry> {
  let entered: EnteredRun | undefined;
  const record = async (outcome: RecordedOutcome): Promise<boolean> => {
    if (!entered || entered.fence === null) return false;
    await ports.ledger.recordOutcome(entered.run, entered.fence, step, outcome);
    return true;
  };
  try {
    const mine = await retrying(ports, () => enterRun(step, event, ports));
    entered = mine;
    const entry = await retrying(ports, () => resumeRun(step, mine, event, ports));
    const of = () => ({ run: mine.run, fence: mine.fence ?? entry.row.fence });
    const work = () => limited(runStep(step, entry, ports, memory));
    const doneBy = ({ outcome }: StepOutcome) => ({ outcome, volume: volumeOf(memory.last) });
    const measure = (ended: EndedStep) => {
      const deadline = standingDeadline(entry.request, ports.now());
      ports.measure?.(mine.run.feed, stepMetrics(ended, memory.last, deadline));
    };
    const outcome = await loggedStep(step, of, ports, work, doneBy, measure);
    await record(outcome);
    if (!entry.open) await recordAfterEnd(step, entry.row, outcome, ports);
    return { outcome };
  } catch (thrown) {
    const error = asNightfeedError(thrown);
    if (error.name === 'FENCED') return { error, isTold: true };
    const isTold = await record({ error: reportOf(error) }).catch(() => false);
    return { error, isTold };
  }
}

/** The deadline of a night that the next one has not taken the place of: of a date of long ago nobody waits for it. */
function standingDeadline({ feed, date }: RunRequest, now: Date): Date | undefined {
  const next = nextNightOf(feed, date);
  return next !== undefined && next > now ? deadlineOf(feed, date) : undefined;
}

/** After the end of the run its state tells the outcome. That a last step ended is only recorded for its time. */
async function recordAfterEnd(
  step: LaterStep,
  { run, fence, state }: RunRow,
  outcome: RecordedOutcome,
  ports: Pick<Ports, 'say'> & WithLedger<StepWorkers>,
): Promise<void> {
  if (state === 'running') return;
  await ports.ledger.recordOutcome(run, fence, step, outcome).catch((thrown: unknown) => {
    ports.say(`the ledger could not be told that ${step} ended: ${asNightfeedError(thrown).message}`);
  });
}
