import type { BusinessDate } from '../../../core/feed/business-date.ts';
import type { RunState } from '../../../core/run/state.ts';
import type { ExpectedNights, KnownDate, MissedDate, Notice } from '../../../ports/ledger/expected-nights.ts';
import { ledgerLimits } from '../connection/limits.ts';
import type { Connection, Session } from '../connection/session.ts';
import { transaction } from '../connection/transaction.ts';
import { requireLedger } from './ledger-version.ts';

export function expectedNights(session: Session): ExpectedNights {
  return {
    newestDate: (feed) => session.alone((db) => newestDate(db, feed)),
    stateOf: (feed, date) => session.alone((db) => stateOf(db, feed, date)),
    keepMissed: (feed, dates, finding) => session.alone((db) => keepMissed(db, feed, dates, finding)),
    missed: ({ limit }) => session.alone((db) => missed(db, limit)),
    keepNotice: (notice) =>
      session.alone((db) =>
        transaction(db, ledgerLimits, async () => {
          await requireLedger(db);
          await saveNotice(db, notice);
        }),
      ),
  };
}

/** A run that releases rows, or takes over a table, is no night, but its date is known by it. */
async function newestDate(db: Connection, feed: string): Promise<KnownDate | null> {
  const [row] = await db.query<KnownDate>(
    `SELECT date::text, "isUnfinished" FROM (
       SELECT date, revision, origin IS NULL AND state IN ('running', 'failed') AS "isUnfinished" FROM nightfeed.run WHERE feed = $1
       UNION ALL SELECT date, 0, false FROM nightfeed.missed WHERE feed = $1
     ) AS known ORDER BY date DESC, revision DESC LIMIT 1`,
    [feed],
  );
  return row ?? null;
}

async function stateOf(db: Connection, feed: string, date: BusinessDate): Promise<RunState | null> {
  const [row] = await db.query<{ state: RunState }>(
    `SELECT state FROM nightfeed.run WHERE feed = $1 AND date = $2
     ORDER BY state IN ('published', 'unchanged') DESC, revision DESC LIMIT 1`,
    [feed, date],
  );
  return row?.state ?? null;
}

async function keepMissed(
  db: Connection,
  feed: string,
  dates: readonly BusinessDate[],
  { by, message }: Parameters<ExpectedNights['keepMissed']>[2],
): Promise<BusinessDate[]> {
  return transaction(db, ledgerLimits, async () => {
    await requireLedger(db);
    const kept = await db.query<{ date: BusinessDate }>(
      `INSERT INTO nightfeed.missed (feed, date, found_by)
       SELECT $1, day::date, $3 FROM jsonb_array_elements_text($2::jsonb) AS day
       WHERE NOT EXISTS (SELECT FROM nightfeed.run WHERE feed = $1 AND date = day::date)
       ON CONFLICT DO NOTHING RETURNING date::text`,
      [feed, dates, by],
    );
    const found = kept.map(({ date }) => date).sort();
    if (found.length > 0) await saveNotice(db, message(found));
    return found;
  });
}

async function missed(db: Connection, limit: number): Promise<MissedDate[]> {
  return db.query(
    `SELECT feed, date::text, found_at AS "foundAt", found_by AS "foundBy" FROM nightfeed.missed
     ORDER BY date DESC, feed LIMIT $1`,
    [limit],
  );
}

async function saveNotice(db: Connection, { feed, date, kind, message }: Notice): Promise<void> {
  await db.query(
    `INSERT INTO nightfeed.outbox (id, feed, date, state, change_set, message) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT DO NOTHING`,
    [message.id, feed, date, message.state, kind, message],
  );
}
