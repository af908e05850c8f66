import type { StepEvent, StepOutcome } from '../core/cloud/events.ts';
import { asNightfeedError, type NightfeedError } from '../core/errors.ts';
import { reportOf } from '../core/run/message.ts';
import type { TaskName } from '../core/workflow/processes.ts';
import type { LaterStep } from '../core/workflow/workflows.ts';
import type { WithLedger } from '../ports/ledger/ledger.ts';
import type { RunRow } from '../ports/ledger/runs.ts';
import type { RecordedOutcome, StepWorkers } from '../ports/ledger/step-workers.ts';
import type { Ports } from '../ports/ports.ts';
import { type EnteredRun, enterRun, resumeRun } from '../steps/run/resumed-run.ts';
import { retrying } from '../steps/run/retry.ts';
import { runStep } from './run-step.ts';

/**
 * One step of an open run in a process of its own, from nothing but the run's name and its owner: what earlier steps did is
 * in their receipts. The outcome goes to the ledger too, good or bad. Throws what the step throws.
 */
export async function runFunctionStep(step: LaterStep, event: StepEvent, ports: Ports): Promise<StepOutcome> {
  const attempt = await tryStep(step, event, ports);
  if ('error' in attempt) throw attempt.error;
  return attempt.outcome;
}

/** Seconds before a task does its step once more: a database that fails over needs about a minute. */
const PAUSES = [15, 60, 120];

/**
 * The same in a process that can only exit, but has time: transient failures are waited out. Resolves when the ledger knows
 * the outcome or somebody else has the run; throws when only a new process may help.
 */
export async function runTaskStep(
  step: TaskName,
  event: StepEvent,
  ports: Ports,
): Promise<StepOutcome | NightfeedError> {
  for (let round = 0; ; round += 1) {
    const attempt = await tryStep(step, event, ports);
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

async function tryStep(step: LaterStep, event: StepEvent, ports: Ports): Promise<StepTry> {
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
    const outcome = await runStep(step, entry, ports);
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

/** A run that has ended says by its state what came of its last steps; that they ended serves only who wants to know what they took. */
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
