import type { RunId } from '../../../core/run/keys.ts';
import type { StepName } from '../../../core/workflow/workflows.ts';
import type { Owner } from '../../../ports/ledger/owner.ts';
import type { Progress, RecordedOutcome, StepEntry } from '../../../ports/ledger/step-workers.ts';
import type { Connection } from '../connection/session.ts';
import { ifWriter, oldestWriter, requireWriter } from './ledger-version.ts';
import { fenced, placeOf } from './runs.ts';

/** A single statement, so that of two processes that enter at once the later one gets the run. Throws LEDGER_VERSION. */
export async function enter(
  db: Connection,
  run: RunId,
  owner: Owner,
  { lease, begins }: StepEntry,
): Promise<number | null> {
  const [entered] = await db.query<{ fence: number | null; oldestWriter: number }>(
    `SELECT ${ifWriter('nightfeed.enter_run($1, $2, $3, $4, $5, $6)')} AS fence, ${oldestWriter}`,
    [...placeOf(run), owner, lease, begins ?? null],
  );
  requireWriter(entered);
  return entered!.fence;
}

/** The owner's run, also after it ended, unless it was reopened by somebody else. */
export async function recordOutcome(
  db: Connection,
  run: RunId,
  fence: number,
  step: StepName,
  outcome: RecordedOutcome,
): Promise<void> {
  const [recorded] = await db.query<{ yes: boolean | null }>(
    `SELECT ${ifWriter('nightfeed.record_outcome($1, $2, $3, $4, $5, $6)')} AS yes`,
    [...placeOf(run), fence, step, outcome],
  );
  if (recorded!.yes) return;
  const [found] = await db.query<{ state: string; fence: number; oldestWriter: number }>(
    `SELECT state, fence, ${oldestWriter} FROM nightfeed.run WHERE feed = $1 AND date = $2 AND revision = $3`,
    placeOf(run),
  );
  requireWriter(found);
  throw fenced(run, fence, found);
}

export async function progress(db: Connection, run: RunId): Promise<Progress | null> {
  const [row] = await db.query<Progress>(
    'SELECT state, owner, outcomes FROM nightfeed.run WHERE feed = $1 AND date = $2 AND revision = $3',
    placeOf(run),
  );
  return row ?? null;
}

export async function runOf(db: Connection, owner: Owner): Promise<RunId | null> {
  const [row] = await db.query<{ run: RunId }>(
    `SELECT jsonb_build_object('feed', feed, 'date', date, 'revision', revision) AS run
     FROM nightfeed.run WHERE worked_by = $1 ORDER BY opened_at DESC LIMIT 1`,
    [owner.host],
  );
  return row?.run ?? null;
}
