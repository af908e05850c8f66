import type { StepEvent } from '../../core/cloud/events.ts';
import { NightfeedError } from '../../core/errors.ts';
import { keys, parseRunName, type RunId, runName } from '../../core/run/keys.ts';
import { cloudLease } from '../../core/workflow/lease.ts';
import type { StepName } from '../../core/workflow/workflows.ts';
import type { WithLedger } from '../../ports/ledger/ledger.ts';
import type { Owner } from '../../ports/ledger/owner.ts';
import type { RunRow, Runs } from '../../ports/ledger/runs.ts';
import type { StepWorkers } from '../../ports/ledger/step-workers.ts';
import type { Ports } from '../../ports/ports.ts';
import { newAttempt } from './attempt.ts';
import { readFeed } from './feed-document.ts';
import type { OpenRun, RunRequest } from './run-request.ts';

/** A run that a process takes up knowing only its name. */
export interface ResumedRun {
  readonly row: RunRow;
  readonly request: RunRequest;
  /** null when the run has ended. */
  readonly open: OpenRun | null;
}

/** What a process knows after it tried to take up a run. `fence` is null when it could not. */
export interface EnteredRun {
  readonly run: RunId;
  readonly fence: number | null;
}

/** Takes up an execution's run for one step: checks the owner, raises the fence, renews the lease. */
export async function enterRun(
  step: StepName,
  { run: name, execution }: StepEvent,
  ports: WithLedger<StepWorkers>,
): Promise<EnteredRun> {
  const run = parseRunName(name)!;
  const fence = await ports.ledger.enter(run, executionOwner(execution), { lease: cloudLease(step), begins: step });
  return { run, fence };
}

/** The run that was entered, with the feed that it was claimed with. Throws FENCED, RUN_UNKNOWN. */
export async function resumeRun(
  step: StepName,
  { run, fence }: EnteredRun,
  { execution }: StepEvent,
  ports: Pick<Ports, 'store'> & WithLedger<Runs>,
): Promise<ResumedRun> {
  const row = await ports.ledger.find(run);
  if (!row) throw new NightfeedError('RUN_UNKNOWN', `the ledger has no run ${runName(run)}`);
  if (fence === null && row.state === 'running') throw takenOver(row);
  const feed = await readFeed(ports, keys.feed(run.feed, row.feedHash));
  // A running run has holds only when it was held and approved; then it keeps what it had pulled.
  const resumes = row.holds.length > 0 ? { resumes: run } : {};
  const [owner, lease] = [executionOwner(execution), cloudLease(step)];
  const request = { feed, date: run.date, folder: row.folder, owner, lease, ...resumes };
  return {
    row,
    request,
    open: fence === null ? null : { request, run, fence, attempt: newAttempt(`a${fence}`) },
  };
}

/** The owner of an execution's runs. It stands for all processes of the execution. */
export function executionOwner(execution: string): Owner {
  return { host: execution, pid: 0, started: '' };
}

export function takenOver({ run, state }: Pick<RunRow, 'run' | 'state'>): NightfeedError {
  return new NightfeedError('FENCED', `${runName(run)} is ${state}, and not this execution's any more`);
}
