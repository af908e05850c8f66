import { type Caught, causeSchema, type StopAnswer, type StopEvent } from '../core/cloud/events.ts';
import { isErrorName, NightfeedError } from '../core/errors.ts';
import { parseRunName, type RunId, runName } from '../core/run/keys.ts';
import { cloudLease } from '../core/workflow/lease.ts';
import type { WithLedger } from '../ports/ledger/ledger.ts';
import type { Endings } from '../ports/ledger/open-runs.ts';
import type { Owner } from '../ports/ledger/owner.ts';
import type { Runs } from '../ports/ledger/runs.ts';
import type { Progress, StepWorkers } from '../ports/ledger/step-workers.ts';
import type { Ports } from '../ports/ports.ts';
import { type NotifyPorts, notify } from '../steps/notify.ts';
import { endRun, endStateOf } from '../steps/run/ending.ts';
import { executionOwner } from '../steps/run/resumed-run.ts';
import { retrying } from '../steps/run/retry.ts';
import { asThrown } from './outcome.ts';

type StopPorts = NotifyPorts & Pick<Ports, 'sleep'> & WithLedger<Endings & StepWorkers & Runs>;

/** Ends an execution's run in the state of its error, with a message. A run that has ended already keeps its state. */
export async function stop(event: StopEvent, ports: StopPorts): Promise<StopAnswer> {
  if ('detail' in event) return releaseDead(event.detail, ports);
  const owner = executionOwner(event.execution);
  const run = event.run === undefined ? await ports.ledger.runOf(owner) : parseRunName(event.run)!;
  if (!run) return unopened(event.error);
  return endAs(run, owner, (progress) => (event.error ? errorOf(event.error, progress) : null), ports);
}

/** Ends the run of an execution that was ended from outside, and could not end its run itself. */
async function releaseDead({ executionArn, status }: Died, ports: StopPorts): Promise<StopAnswer> {
  const owner = executionOwner(executionArn);
  const run = await ports.ledger.runOf(owner);
  const error = new NightfeedError(
    'EXECUTION_DIED',
    `the execution ended as ${status} before its run did: ${executionArn}`,
  );
  return run ? endAs(run, owner, () => error, ports) : { state: 'failed' };
}

type Died = Extract<StopEvent, { detail: unknown }>['detail'];

/** The answer when claim failed, so that there is no run to end. */
function unopened(error: Caught | undefined): StopAnswer {
  const name = error && isErrorName(error.Error) ? error.Error : 'EXECUTION_DIED';
  if (name === 'BUSY') return { state: 'busy' };
  return { state: endStateOf(new NightfeedError(name, '')) };
}

async function endAs(
  run: RunId,
  owner: Owner,
  errorFrom: (progress: Progress) => NightfeedError | null,
  ports: StopPorts,
): Promise<StopAnswer> {
  const fence = await retrying(ports, () => ports.ledger.enter(run, owner, { lease: cloudLease('notify') }));
  const [progress, row] = [await ports.ledger.progress(run), await ports.ledger.find(run)];
  if (!progress || !row) throw new NightfeedError('RUN_UNKNOWN', `the ledger has no run ${runName(run)}`);
  if (fence === null) {
    await notify(ports);
    return { state: row.state };
  }
  const error = errorFrom(progress);
  const state = error ? endStateOf(error) : 'unchanged';
  // A reopened run also has the change set of its earlier attempt, which does not count unless diff has an outcome now.
  const { changeSet = null, tables = {} } = progress.outcomes.diff ? row : {};
  await endRun(
    { run, fence },
    { state, error, changeSet, tables, holds: row.holds, warnings: row.warnings ?? [] },
    ports,
  );
  return { state };
}

/** The error as the step recorded it in the ledger, with its whole message; otherwise what Step Functions knows of it. */
function errorOf({ Error: name, Cause: cause }: Caught, { outcomes }: Progress): NightfeedError {
  const reports = Object.values(outcomes).flatMap((outcome) => ('error' in outcome ? [outcome.error] : []));
  const isOurs = isErrorName(name);
  // For a task that crashed, the error's name is States.TaskFailed.
  const report = reports.find((each) => each.name === (isOurs ? name : 'UNFORESEEN'));
  if (report) return asThrown(report);
  const reason = reasonOf(cause);
  return isOurs ? new NightfeedError(name, reason) : new NightfeedError('EXECUTION_DIED', `${name}: ${reason}`);
}

/** The readable part of a cause: the message of a function's error, or ECS's reason why a task stopped. */
function reasonOf(cause = ''): string {
  const known = causeSchema.safeParse(jsonOf(cause));
  if (!known.success) return 'no reason was given';
  const { errorMessage, StoppedReason, Containers = [] } = known.data;
  const exits = Containers.map(({ ExitCode, Reason }) => Reason ?? `exit code ${ExitCode ?? 'unknown'}`);
  return errorMessage ?? ([StoppedReason, ...exits].filter(Boolean).join('; ') || 'no reason was given');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
