import { NightfeedError } from '../../../core/errors.ts';
import { compareRuns, type RunId, runName } from '../../../core/run/keys.ts';
import type { RunOrigin } from '../../../core/run/origin.ts';
import { isFinished, isSettled, type RunState } from '../../../core/run/state.ts';
import { LAPTOP_LEASE } from '../../../core/workflow/lease.ts';
import type { Claim, ClaimRequest } from '../../../ports/ledger/claims.ts';
import type { Owner } from '../../../ports/ledger/owner.ts';
import { claimLimits } from '../connection/limits.ts';
import type { Connection } from '../connection/session.ts';
import { transaction } from '../connection/transaction.ts';
import { oldestWriter, requireWriter } from './ledger-version.ts';
import { supersedeOne } from './supersede.ts';

/** Opens, reopens or takes over the run of a date, under the lock of the feed's row. */
export async function claim(db: Connection, request: ClaimRequest, isDead: (owner: Owner) => boolean): Promise<Claim> {
  const deadline = Date.now() + ORPHAN_WAIT;
  for (;;) {
    try {
      return await transaction(db, claimLimits, () => claimLocked(db, request, isDead));
    } catch (error) {
      if (!(error instanceof NightfeedError) || error.name !== 'DATABASE_LOCKED') throw error;
      const [holder] = await runningRuns(db, request.feed);
      // A publish holds the lock. If its owner died, the lock lasts until the server notices.
      if (holder && !isDead(holder.owner)) return { kind: 'busy', run: holder.run, owner: holder.owner };
      if (Date.now() > deadline) throw error;
    }
  }
}

/** The run of this feed that a live process works on; takes no lock. */
export async function busy(db: Connection, feed: string, isDead: (owner: Owner) => boolean) {
  const holder = (await runningRuns(db, feed)).find(({ live, owner }) => live && !isDead(owner));
  return holder ? { run: holder.run, owner: holder.owner } : null;
}

/** Milliseconds. The server notices a dead client within the interval that publish sets. */
const ORPHAN_WAIT = 30_000;

type Work = Pick<ClaimRequest, 'owner' | 'feedHash' | 'folder' | 'lease' | 'deadline' | 'forced'> & {
  readonly origin?: RunOrigin;
};
type OpenClaim = Extract<Claim, { kind: 'open' }>;

/** A run with the facts that decide whether it can be claimed; `live` means that its lease has not ended. */
export interface Standing {
  readonly run: RunId;
  readonly state: RunState;
  readonly fence: number;
  readonly owner: Owner;
  readonly live: boolean;
  readonly listing: string | null;
  readonly reading: string | null;
  readonly endedAt: Date | null;
}

async function claimLocked(db: Connection, request: ClaimRequest, isDead: (owner: Owner) => boolean): Promise<Claim> {
  await db.query('INSERT INTO nightfeed.feed (feed) VALUES ($1) ON CONFLICT DO NOTHING', [request.feed]);
  const applied = await lockFeed(db, request.feed);
  const latest = await latestRun(db, request);
  if (request.resume && !latest)
    throw new NightfeedError('RUN_UNKNOWN', `the ledger has no night ${runName(request.resume)}`);
  const first = await nextRun(db, request);
  const holds = ({ owner, live }: Standing) => live && !isDead(owner) && !sameOwner(owner, request.owner);
  if (applied && request.date < applied.date) {
    const isLeft = latest && (isSettled(latest.state) || (latest.state === 'running' && holds(latest)));
    return isLeft
      ? { kind: 'older', run: latest.run, applied, fence: null }
      : refuse(db, request, latest, first, applied);
  }

  const other = (await runningRuns(db, request.feed)).find(
    ({ run, live, owner }) => !(latest && compareRuns(run, latest.run) === 0) && live && !isDead(owner),
  );
  if (other) return { kind: 'busy', run: other.run, owner: other.owner };
  if (!latest) return open(db, request, first);
  if (latest.state === 'running' && holds(latest)) return { kind: 'busy', run: latest.run, owner: latest.owner };
  // A release came in between, so a run with an older revision than production's can no longer be published under its name.
  if (applied && compareRuns(latest.run, applied) < 0 && !isSettled(latest.state)) return openNext(db, request, latest);
  if (latest.state === 'running') return reopen(db, request, latest);
  const { run, state, listing, reading, endedAt } = latest;
  if (isSettled(state)) {
    if (request.after?.date === run.date && request.after.revision === run.revision)
      return openNext(db, request, latest);
    if (!(state === 'held' && request.resume)) return { kind: 'settled', run, state, listing, reading, endedAt };
  }
  return reopen(db, request, latest);
}

/** Opens the run, so that the ledger can record its refusal. */
async function refuse(
  db: Connection,
  request: ClaimRequest,
  latest: Standing | undefined,
  first: RunId,
  applied: RunId,
): Promise<Claim> {
  const opened = latest ? await reopen(db, request, latest) : await open(db, request, first);
  return { kind: 'older', run: opened.run, applied, fence: opened.fence };
}

/** Answers what production holds. Throws LEDGER_VERSION. */
export async function lockFeed(db: Connection, feed: string): Promise<RunId | null> {
  const [row] = await db.query<{ date: string | null; revision: number; oldestWriter: number }>(
    `SELECT applied_date AS date, applied_revision AS revision, ${oldestWriter} FROM nightfeed.feed WHERE feed = $1 FOR UPDATE`,
    [feed],
  );
  requireWriter(row);
  return row?.date ? { feed, date: row.date, revision: row.revision } : null;
}

export const standing = `jsonb_build_object('feed', feed, 'date', date, 'revision', revision) AS run, state, fence, owner,
  coalesce(lease > clock_timestamp(), false) AS live, listing, reading, ended_at AS "endedAt"`;

/** The latest night of the date, or the run that is to continue. Other runs only use up a revision. */
async function latestRun(db: Connection, { feed, date, resume }: ClaimRequest): Promise<Standing | undefined> {
  const text = `SELECT ${standing} FROM nightfeed.run WHERE feed = $1 AND date = $2 AND origin IS NULL
    AND revision = coalesce($3, revision) ORDER BY revision DESC LIMIT 1 FOR UPDATE`;
  const [row] = await db.query<Standing>(text, [feed, date, resume?.revision ?? null]);
  return row;
}

/** The revision after all revisions of the date. */
export async function nextRun(db: Connection, { feed, date }: { feed: string; date: string }): Promise<RunId> {
  const text = 'SELECT coalesce(max(revision), 0) + 1 AS revision FROM nightfeed.run WHERE feed = $1 AND date = $2';
  const [row] = await db.query<{ revision: number }>(text, [feed, date]);
  return { feed, date, revision: row!.revision };
}

export async function runningRuns(db: Connection, feed: string): Promise<Standing[]> {
  const text = `SELECT ${standing} FROM nightfeed.run WHERE feed = $1 AND state = 'running' ORDER BY lease DESC`;
  return db.query<Standing>(text, [feed]);
}

export async function open(db: Connection, request: Work, run: RunId): Promise<OpenClaim> {
  const { owner, feedHash, folder, lease = LAPTOP_LEASE, deadline = null, origin = null, forced } = request;
  await db.query(
    `INSERT INTO nightfeed.run (feed, date, revision, state, fence, owner, worked_by, lease, feed_hash, folder, origin, forced, deadline)
     VALUES ($1, $2, $3, 'running', 1, $4, $5, clock_timestamp() + make_interval(secs => $6), $7, $8, $9, $10, $11)`,
    [
      run.feed,
      run.date,
      run.revision,
      owner,
      owner.host,
      lease,
      feedHash,
      folder,
      origin,
      forced ? [forced] : [],
      deadline,
    ],
  );
  return { kind: 'open', run, fence: 1 };
}

/** The vendor corrected a settled date: unfinished runs of the date are superseded. */
async function openNext(db: Connection, request: ClaimRequest, { run, state }: Standing): Promise<Claim> {
  if (!isFinished(state)) await supersedeOne(db, run);
  return open(db, request, await nextRun(db, run));
}

/** An approved run keeps its findings, also when its owner changes, because they say what was approved. */
export async function reopen(db: Connection, request: Work, { run, state, fence }: Standing): Promise<OpenClaim> {
  const { owner, feedHash, folder, lease = LAPTOP_LEASE, deadline = null, forced } = request;
  const isApproved = state === 'held' || state === 'running';
  await db.query(
    `UPDATE nightfeed.run SET state = 'running', fence = $4, owner = $5, worked_by = $6,
       lease = clock_timestamp() + make_interval(secs => $7), ended_at = NULL, feed_hash = $8, folder = $9, error = NULL,
       outcomes = '{}', warnings = '[]', holds = CASE WHEN $10 THEN holds ELSE '[]' END, forced = forced || $11::jsonb,
       deadline = $12
     WHERE feed = $1 AND date = $2 AND revision = $3`,
    [
      run.feed,
      run.date,
      run.revision,
      fence + 1,
      owner,
      owner.host,
      lease,
      feedHash,
      folder,
      isApproved,
      forced ? [forced] : [],
      deadline,
    ],
  );
  return { kind: 'open', run, fence: fence + 1 };
}

function sameOwner(a: Owner, b: Owner): boolean {
  return a.host === b.host && a.pid === b.pid && a.started === b.started;
}
