import type { Finding } from '../../../core/guards/finding.ts';
import type { RunId } from '../../../core/run/keys.ts';
import { runMessage } from '../../../core/run/message.ts';
import type { Connection } from '../connection/session.ts';
import { saveMessage } from './outbox.ts';

/** Supersedes every unfinished run before a newer delivery: no decision on them is needed any more. */
export async function supersedeBefore(db: Connection, run: RunId): Promise<void> {
  await supersede(db, `(date, revision) < ($2::date, $3::integer) AND ${unfinished}`, run);
}

/** A release is not a delivery: an unfinished night of its date can still be published, as a later revision. */
export async function supersedeReleases(db: Connection, run: RunId): Promise<void> {
  await supersede(
    db,
    `(date, revision) < ($2::date, $3::integer) AND (date < $2::date OR origin IS NOT NULL) AND ${unfinished}`,
    run,
  );
}

/** Supersedes an unfinished run that the vendor corrected. */
export async function supersedeOne(db: Connection, run: RunId): Promise<void> {
  await supersede(db, `(date, revision) = ($2::date, $3::integer) AND ${unfinished}`, run);
}

const unfinished = `state IN ('running', 'held', 'late', 'refused', 'failed')`;

interface Overtaken {
  readonly run: RunId;
  readonly changeSet: string | null;
  readonly tables: Record<string, unknown> | null;
  readonly holds: readonly Finding[];
  readonly warnings: readonly Finding[];
}

/** Writes state and message in the caller's transaction. */
async function supersede(db: Connection, which: string, run: RunId): Promise<void> {
  const overtaken = await db.query<Overtaken>(
    `UPDATE nightfeed.run SET state = 'superseded', owner = NULL, lease = NULL, ended_at = coalesce(ended_at, clock_timestamp())
     WHERE feed = $1 AND ${which}
     RETURNING jsonb_build_object('feed', feed, 'date', date, 'revision', revision) AS run, change_set AS "changeSet", tables, holds, warnings`,
    [run.feed, run.date, run.revision],
  );
  for (const { run: ended, changeSet, tables, holds, warnings } of overtaken) {
    await saveMessage(
      db,
      ended,
      runMessage({ run: ended, state: 'superseded', changeSet, tables: tables ?? {}, holds, warnings }),
    );
  }
}
