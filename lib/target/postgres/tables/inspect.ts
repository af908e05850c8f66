import type { Feed } from '../../../core/feed/spec.ts';
import type { StandingTable } from '../../../ports/target.ts';
import { migrationLimits } from '../connection/limits.ts';
import type { Connection } from '../connection/session.ts';
import { transaction } from '../connection/transaction.ts';
import { ledgerVersion } from '../ledger/ledger-version.ts';
import { registrationsOf } from './catalog.ts';
import { planTables } from './migrate.ts';
import { type Target, targetOf } from './target.ts';

/** The existing tables of a feed. Throws what `migrate` would throw, and changes nothing. */
export async function inspect(db: Connection, feed: Feed): Promise<Record<string, StandingTable>> {
  return transaction(db, migrationLimits, async () => {
    await db.script('SET TRANSACTION READ ONLY');
    const targets = Object.keys(feed.tables).map((name) => targetOf(feed, name));
    const version = await ledgerVersion(db);
    const registrations = version === null ? new Map() : await registrationsOf(db, feed.target.schema);
    const restarts = version !== null && version >= WITH_RESTARTS ? await restartsOf(db, feed) : new Map();
    const { relations } = await planTables(db, feed, targets, registrations);
    const standing: Record<string, StandingTable> = {};
    for (const target of targets) {
      const relation = relations.get(target.name);
      const filled = relation !== undefined && (await isFilled(db, target));
      standing[target.name] = { filled, columns: relation?.columns ?? [], restart: restarts.get(target.name) ?? null };
    }
    return standing;
  });
}

/** Version of the ledger from which on it has restarts. */
const WITH_RESTARTS = 9;

async function restartsOf(db: Connection, { feed, target }: Feed): Promise<Map<string, number>> {
  const rows = await db.query<{ name: string; last: number }>(
    `SELECT table_name AS name, max(position)::float8 AS last FROM nightfeed.restart
     WHERE feed = $1 AND schema_name = $2 GROUP BY table_name`,
    [feed, target.schema],
  );
  return new Map(rows.map(({ name, last }) => [name, last]));
}

async function isFilled(db: Connection, { table }: Target): Promise<boolean> {
  const [found] = await db.query<{ filled: boolean }>(`SELECT EXISTS (SELECT FROM ${table}) AS filled`, []);
  return found!.filled;
}
