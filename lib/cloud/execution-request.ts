import type { ClaimEvent, ExecutionInput } from '../core/cloud/events.ts';
import { NightfeedError } from '../core/errors.ts';
import { isBusinessDate } from '../core/feed/business-date.ts';
import type { Feed } from '../core/feed/spec.ts';
import { keys, parseRunName, type RunId, runName } from '../core/run/keys.ts';
import { isSettled } from '../core/run/state.ts';
import { announcedNight } from '../core/schedule/announced-night.ts';
import { scheduledNight } from '../core/schedule/scheduled-night.ts';
import { cloudLease } from '../core/workflow/lease.ts';
import type { LedgerPresence, WithLedger } from '../ports/ledger/ledger.ts';
import type { Owner } from '../ports/ledger/owner.ts';
import type { Runs } from '../ports/ledger/runs.ts';
import type { StepWorkers } from '../ports/ledger/step-workers.ts';
import type { Ports } from '../ports/ports.ts';
import { readFeed } from '../steps/run/feed-document.ts';
import { executionOwner } from '../steps/run/resumed-run.ts';
import type { RunRequest } from '../steps/run/run-request.ts';
import { latestRun } from './latest-run.ts';
import { forceOf } from './operator-job.ts';
import { requireLedger } from './require-ledger.ts';

/** What an execution asks for. */
interface ExecutionRequest extends RunRequest {
  /** false where another time of the schedule starts the night of this date. */
  readonly isDue: boolean;
  /** The schedule invoked it on a holiday, on which nothing is expected. */
  readonly isHoliday: boolean;
}

export type RequestPorts = Pick<Ports, 'store'> & WithLedger<LedgerPresence & Runs & StepWorkers>;

/** The night that an execution's input asks for. Meets the ledger only for a run that continues, and for an event without a date. */
export async function requestOf(
  { input, execution, started, looked }: ClaimEvent,
  deployed: string,
  ports: RequestPorts,
): Promise<ExecutionRequest> {
  refuseRules(input, deployed);
  const owner = executionOwner(execution);
  const resumes = input.resumes === undefined ? undefined : parseRunName(input.resumes)!;
  const feed = await readFeed(ports, resumes ? await documentOf(resumes, owner, deployed, ports) : deployed);
  const scheduled = scheduledNight(feed, new Date(input.scheduledTime ?? started), input.hoursLater);
  // What a look said is about the run that was looked at, whatever became of its date since.
  const announced = looked ? parseRunName(looked.run)!.date : await announcedDate(feed, input, ports);
  const given = resumes?.date ?? input.date ?? (input.announced && announced);
  const date = given ?? scheduled.date;
  if (!isBusinessDate(date)) throw new NightfeedError('USAGE', `received a night of ${date}; expected one in this age`);
  return {
    feed,
    date,
    folder: '',
    owner,
    lease: cloudLease('claim'),
    isDue: given !== undefined || scheduled.isDue,
    // Who starts an execution without a scheduled time wants the night, holiday or not.
    isHoliday: given === undefined && input.scheduledTime !== undefined && scheduled.isHoliday,
    ...(resumes ? { resumes } : {}),
    ...(input.forced ? { force: await forceOf(feed.feed, execution, date, ports) } : {}),
  };
}

/**
 * The date that an announcement means. Without a date of its own it is for the last night by the schedule, if that one is at work or
 * ended without its delivery; otherwise for the next one.
 */
async function announcedDate(feed: Feed, { announced }: ExecutionInput, ports: RequestPorts) {
  if (!announced) return undefined;
  const night = announcedNight(feed, announced);
  if ('date' in night) return night.date;
  await requireLedger(ports);
  const last = await latestRun(feed.feed, night.last, ports);
  return last && !isSettled(last.state) ? night.last : night.next;
}

/** Refuses an input that names another feed document or a force: the right to start executions includes neither. */
function refuseRules({ feed, force }: ExecutionInput, deployed: string): void {
  if (feed !== undefined && feed !== deployed)
    throw new NightfeedError('FEED_OTHER', `the input names the feed document ${feed}; deployed is ${deployed}`);
  if (force !== undefined)
    throw new NightfeedError('USAGE', 'received `force` in the input, where nobody proves the name that it gives', {
      hint: 'Sign in to AWS, then `nightfeed run --stack STAGE-FEED --date DATE --force --reason WHY`.',
    });
}

/**
 * The feed document of a run. A run that was held, or that this execution has opened already, keeps its document. Any other run gets the
 * deployed document.
 */
async function documentOf(run: RunId, { host }: Owner, deployed: string, ports: RequestPorts): Promise<string> {
  await requireLedger(ports);
  const [row, progress] = [await ports.ledger.find(run), await ports.ledger.progress(run)];
  if (!row || !progress) throw new NightfeedError('RUN_UNKNOWN', `the ledger has no run ${runName(run)}`);
  const isMine = progress.state === 'running' && progress.owner?.host === host;
  return row.state === 'held' || isMine ? keys.feed(run.feed, row.feedHash) : deployed;
}
