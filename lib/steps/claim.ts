import { requireDue } from '../core/delivery/due-date.ts';
import { NightfeedError } from '../core/errors.ts';
import { type BusinessDate, deadlineOf } from '../core/feed/business-date.ts';
import { compareRuns, type RunId, runName } from '../core/run/keys.ts';
import { runMessage } from '../core/run/message.ts';
import type { FinishedState } from '../core/run/state.ts';
import type { Claim, Claims } from '../ports/ledger/claims.ts';
import type { Lakes } from '../ports/ledger/lakes.ts';
import type { WithLedger } from '../ports/ledger/ledger.ts';
import type { Endings } from '../ports/ledger/open-runs.ts';
import type { Owner } from '../ports/ledger/owner.ts';
import type { Ports } from '../ports/ports.ts';
import { type NotifyPorts, notify } from './notify.ts';
import { newAttempt } from './run/attempt.ts';
import { keepFeed } from './run/feed-document.ts';
import { requireLake } from './run/lake.ts';
import { retrying } from './run/retry.ts';
import type { OpenRun, RunRequest } from './run/run-request.ts';

export type Opening =
  | { readonly kind: 'open'; readonly open: OpenRun }
  /** The date is over, and the source shows the same files as then. */
  | { readonly kind: 'answered'; readonly run: RunId; readonly state: Exclude<FinishedState, 'published'> };

/** The result of a look at the source for a settled run. */
export interface Looked {
  readonly run: RunId;
  readonly isSame: boolean;
}

export type ClaimPorts = NotifyPorts & Pick<Ports, 'store' | 'now' | 'sleep'> & WithLedger<Claims & Lakes & Endings>;
export type Settled = Extract<Claim, { kind: 'settled' }>;

/**
 * Opens, reopens or takes over the requested run, or tells why there is nothing to open. Because it decides, it does not talk to the
 * vendor: for a date that is over it answers `settled`, and needs the result of a look at the source to go on.
 */
export async function claim(request: RunRequest, ports: ClaimPorts, looked?: Looked): Promise<Opening | Settled> {
  // For a held run the date was checked when it was opened.
  const forced = request.resumes ? undefined : requireDue(request, ports.now());
  if (request.force && !forced && !looked)
    ports.say('note: nothing had to be forced; the date is no later than tomorrow');
  await requireLake(request.feed.feed, ports);
  const feedHash = await keepFeed(request.feed, ports);
  const deadline = deadlineOf(request.feed, request.date);
  const ask = async (more: { after?: RunId; resume?: RunId }): Promise<Claim> =>
    retrying(ports, () =>
      ports.ledger.claim({
        feed: request.feed.feed,
        date: request.date,
        owner: request.owner,
        feedHash,
        folder: request.folder,
        ...(request.lease === undefined ? {} : { lease: request.lease }),
        ...(deadline ? { deadline } : {}),
        ...(forced ? { forced } : {}),
        ...more,
      }),
    );

  let claimed = await ask(request.resumes ? { resume: request.resumes } : {});
  let resumes = request.resumes;
  if (claimed.kind === 'settled') {
    const { run, state } = claimed;
    const isLookedAt = looked !== undefined && compareRuns(looked.run, run) === 0;
    if (resumes === undefined && !isLookedAt) return claimed;
    const same = resumes !== undefined || looked?.isSame;
    if (same && state !== 'held') return { kind: 'answered', run, state: state === 'published' ? 'unchanged' : state };
    if (same) resumes = run;
    claimed = await ask(same ? { resume: run } : { after: run });
  }
  if (claimed.kind === 'open') {
    await ports.reach('claim.done');
    const { run, fence } = claimed;
    return {
      kind: 'open',
      open: { request: resumes ? { ...request, resumes } : request, run, fence, attempt: newAttempt(`a${fence}`) },
    };
  }
  if (claimed.kind === 'busy') throw busy(claimed);
  if (claimed.kind === 'older') throw await refuseOlder(request, claimed, ports);
  throw new NightfeedError('BUSY', `${runName(claimed.run)} became ${claimed.state} meanwhile`);
}

/** Records the refusal in the ledger, with its message, unless the run was over anyway. */
async function refuseOlder(
  request: RunRequest,
  { run, applied, fence }: Extract<Claim, { kind: 'older' }>,
  ports: NotifyPorts & WithLedger<Endings>,
): Promise<NightfeedError> {
  const error = older(request.date, applied);
  if (fence !== null) {
    const message = runMessage({ run, state: 'refused', changeSet: null, tables: {}, error });
    await ports.ledger.stop(run, fence, { state: 'refused', error, holds: [], message });
    await notify(ports);
  }
  return error;
}

export function busy({ run, owner: { host, pid } }: { run: RunId; owner: Owner }): NightfeedError {
  const where = pid === 0 ? host : `process ${pid} on ${host}`;
  return new NightfeedError('BUSY', `${runName(run)} is at work in ${where}; a feed has one active run`);
}

export function older(date: BusinessDate, applied: RunId): NightfeedError {
  return new NightfeedError('OLDER_DELIVERY', `asked for ${date}; production holds ${runName(applied)}`);
}
