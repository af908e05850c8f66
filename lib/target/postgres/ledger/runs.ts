import { NightfeedError } from '../../../core/errors.ts';
import { type RunId, runName } from '../../../core/run/keys.ts';
import type { StepTimes } from '../../../core/run/step-times.ts';
import { LAPTOP_LEASE } from '../../../core/workflow/lease.ts';
import type { NotedFacts, RunEnd } from '../../../ports/ledger/open-runs.ts';
import type { Owner } from '../../../ports/ledger/owner.ts';
import type { RunFacts, RunRow } from '../../../ports/ledger/runs.ts';
import { ledgerLimits } from '../connection/limits.ts';
import type { Connection } from '../connection/session.ts';
import { transaction } from '../connection/transaction.ts';
import { ifWriter, oldestWriter, requireWriter } from './ledger-version.ts';
import { saveMessage } from './outbox.ts';

/** Renews the lease without waiting. When a publish of this run has locked the row, it only checks state and fence. */
export async function heartbeat(db: Connection, run: RunId, fence: number, lease = LAPTOP_LEASE): Promise<void> {
  await db.query(`SELECT ${ifWriter('nightfeed.renew_lease($1, $2, $3, $4, $5)')}`, [...placeOf(run), fence, lease]);
  await requireFence(db, run, fence);
}

/** Throws FENCED unless the run is running under this fence, and LEDGER_VERSION. */
export async function requireFence(db: Connection, run: RunId, fence: number): Promise<void> {
  const [row] = await db.query<{ state: string; fence: number; oldestWriter: number }>(
    `SELECT state, fence, ${oldestWriter} FROM nightfeed.run WHERE feed = $1 AND date = $2 AND revision = $3`,
    placeOf(run),
  );
  requireWriter(row);
  if (row?.state !== 'running' || row.fence !== fence) throw fenced(run, fence, row);
}

/** Adds facts to a run; `tables` are merged by name. Throws FENCED. */
export async function note(db: Connection, run: RunId, fence: number, facts: NotedFacts): Promise<void> {
  const [noted] = await db.query<{ yes: boolean | null }>(
    `SELECT ${ifWriter('nightfeed.note_run($1, $2, $3, $4, $5)')} AS yes`,
    [...placeOf(run), fence, facts],
  );
  if (!noted!.yes) await requireFence(db, run, fence);
}

/** Never waits, and does nothing when the run is somebody else's by now. */
export async function noteSteps(db: Connection, run: RunId, fence: number, steps: StepTimes): Promise<void> {
  const call = ifWriter('nightfeed.note_steps($1, $2, $3, $4, $5)');
  await db.query(`SELECT ${call}`, [...placeOf(run), fence, steps]);
}

/** Ends the work on a run. A second call with the same end, after a lost answer, changes nothing. */
export async function stop(db: Connection, run: RunId, fence: number, end: RunEnd): Promise<void> {
  const { state, error, holds, message, steps } = end;
  const told = error && { name: error.name, message: error.message, hint: error.hint };
  await transaction(db, ledgerLimits, async () => {
    const [row] = await db.query<{ state: string; fence: number; oldestWriter: number }>(
      `SELECT state, fence, ${oldestWriter} FROM nightfeed.run WHERE feed = $1 AND date = $2 AND revision = $3 FOR UPDATE`,
      placeOf(run),
    );
    requireWriter(row);
    if (row?.fence === fence && row.state === state) return;
    if (row?.fence !== fence || row.state !== 'running') throw fenced(run, fence, row);
    await db.query(
      `UPDATE nightfeed.run SET state = $4, error = $5, holds = $6, owner = NULL, lease = NULL, ended_at = clock_timestamp(),
         steps = nightfeed.merged_steps(steps, $7, fence)
       WHERE feed = $1 AND date = $2 AND revision = $3`,
      [...placeOf(run), state, told, holds, steps ?? null],
    );
    await saveMessage(db, run, message);
  });
}

export async function find(db: Connection, run: RunId, isDead: IsDead): Promise<RunRow | null> {
  const [row] = await db.query<Stored>(`${selectRuns} WHERE feed = $1 AND date = $2 AND revision = $3`, placeOf(run));
  return row ? runRow(row, isDead) : null;
}

/** Newest first. */
export async function runs(
  db: Connection,
  { feed, limit }: { feed?: string; limit: number },
  isDead: IsDead,
): Promise<RunRow[]> {
  const newest = 'ORDER BY opened_at DESC, date DESC, revision DESC LIMIT $1';
  const rows = feed
    ? await db.query<Stored>(`${selectRuns} WHERE feed = $2 ${newest}`, [limit, feed])
    : await db.query<Stored>(`${selectRuns} ${newest}`, [limit]);
  return rows.map((row) => runRow(row, isDead));
}

/** What was published of a feed since a run, that run included, oldest first. */
export async function publishedSince(db: Connection, run: RunId, isDead: IsDead): Promise<RunRow[]> {
  const rows = await db.query<Stored>(
    `${selectRuns} WHERE feed = $1 AND (date, revision) >= ($2::date, $3::integer) AND state = 'published' ORDER BY date, revision`,
    placeOf(run),
  );
  return rows.map((row) => runRow(row, isDead));
}

/** A run without a listing is not a night. */
export async function lastNight(db: Connection, feed: string, isDead: IsDead): Promise<RunRow | null> {
  const [row] = await db.query<Stored>(
    `${selectRuns} WHERE feed = $1 AND state IN ('published', 'unchanged') AND listing IS NOT NULL
     ORDER BY date DESC, revision DESC LIMIT 1`,
    [feed],
  );
  return row ? runRow(row, isDead) : null;
}

export function placeOf({ feed, date, revision }: RunId): [string, string, number] {
  return [feed, date, revision];
}

export function fenced(run: RunId, fence: number, found: { state: string; fence: number } | undefined): NightfeedError {
  const now = found ? `it is ${found.state} under fence ${found.fence}` : 'it is gone from the ledger';
  return new NightfeedError('FENCED', `${runName(run)} was worked on under fence ${fence}; ${now}`);
}

const selectRuns = `
SELECT jsonb_build_object('feed', feed, 'date', date, 'revision', revision) AS run, state, fence, opened_at AS "openedAt",
  ended_at AS "endedAt", feed_hash AS "feedHash", folder, listing, reading, delivery, change_set AS "changeSet", tables, steps, measures, warnings, holds, error, origin, forced, look, owner,
  coalesce(lease > clock_timestamp(), false) AS live
FROM nightfeed.run`;

/** A row as selected. A fact that is not known yet is null here and absent in a RunRow. */
type Stored = Omit<RunRow, keyof RunFacts | 'abandoned' | 'steps'> & {
  [fact in keyof RunFacts]-?: RunFacts[fact] | null;
} & { readonly owner: Owner | null; readonly live: boolean; readonly steps: StepTimes | null };

type IsDead = (owner: Owner) => boolean;

function runRow(stored: Stored, isDead: IsDead): RunRow {
  const { listing, reading, delivery, changeSet, tables, steps, measures, warnings, look, owner, live, ...row } =
    stored;
  const facts = Object.entries({
    listing,
    reading,
    delivery,
    changeSet,
    tables,
    steps,
    measures,
    warnings,
    look,
  }).filter(([, fact]) => fact !== null);
  const abandoned = row.state === 'running' && (!live || owner === null || isDead(owner));
  return { ...row, abandoned, ...(Object.fromEntries(facts) as RunFacts) };
}
