import type { StepEvent, StepOutcome } from '../core/cloud/events.ts';
import { isErrorName, NightfeedError } from '../core/errors.ts';
import { parseRunName } from '../core/run/keys.ts';
import type { ErrorReport } from '../core/run/message.ts';
import type { TaskName } from '../core/workflow/processes.ts';
import type { WithLedger } from '../ports/ledger/ledger.ts';
import type { StepWorkers } from '../ports/ledger/step-workers.ts';
import type { Ports } from '../ports/ports.ts';
import { executionOwner, takenOver } from '../steps/run/resumed-run.ts';
import { retrying } from '../steps/run/retry.ts';

/** The outcome of a task, which could only exit. If the task failed, its error is thrown. Throws FENCED, RUN_UNKNOWN, UNFORESEEN too. */
export async function outcomeOf(
  step: TaskName,
  { run: name, execution }: StepEvent,
  ports: Pick<Ports, 'sleep' | 'say'> & WithLedger<StepWorkers>,
): Promise<StepOutcome> {
  const run = parseRunName(name)!;
  const progress = await retrying(ports, () => ports.ledger.progress(run));
  if (!progress) throw new NightfeedError('RUN_UNKNOWN', `the ledger has no run ${name}`);
  const { state, owner, outcomes } = progress;
  // The state is written by the publishing transaction. The process may have died after it, without recording an outcome.
  if (state === 'published' && step === 'publish') return { outcome: 'published' };
  if (state === 'published' && step === 'tidy') return { outcome: 'tidied' };
  const recorded = outcomes[step];
  if (recorded && 'error' in recorded) throw asThrown(recorded.error);
  if (state !== 'running' || owner?.host !== executionOwner(execution).host) throw takenOver({ run, state });
  if (recorded) return recorded as StepOutcome;
  throw new NightfeedError('UNFORESEEN', `the ${step} task of ${name} ended without an outcome`);
}

/** An error that another process recorded in the ledger. */
export function asThrown({ name, message, hint }: ErrorReport): NightfeedError {
  if (!isErrorName(name)) return new NightfeedError('UNFORESEEN', `${name}: ${message}`);
  return new NightfeedError(name, message, { hint });
}
