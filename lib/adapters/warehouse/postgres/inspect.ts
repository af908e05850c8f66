import type { Feed } from '../../../core/feed/spec.ts';
import type { StandingTable } from '../../../steps/ports.ts';
import { registrationsOf } from './catalog.ts';
import { ledgerVersion } from './ledger-version.ts';
import { migrationLimits } from './limits.ts';
import { planTables } from './migrate.ts';
import type { Connection } from './session.ts';
import { type Target, targetOf } from './target.ts';
import { transaction } from './transaction.ts';

/** The tables of a feed as they are. Throws what `migrate` would throw, and changes nothing. */
export async function inspect(db: Connection, feed: Feed): Promise<Record<string, StandingTable>> {
  return transaction(db, migrationLimits, async () => {
    await db.script('SET TRANSACTION READ ONLY');
    const targets = Object.keys(feed.tables).map((name) => targetOf(feed, name));
    const hasLedger = (await ledgerVersion(db)) !== null;
    const registrations = hasLedger ? await registrationsOf(db, feed.target.schema) : new Map();
    const { relations } = await planTables(db, feed, targets, registrations);
    const standing: Record<string, StandingTable> = {};
    for (const target of targets) {
      const relation = relations.get(target.name);
      const filled = relation !== undefined && (await isFilled(db, target));
      standing[target.name] = { filled, columns: relation?.columns ?? [] };
    }
    return standing;
  });
}

async function isFilled(db: Connection, { table }: Target): Promise<boolean> {
  const [found] = await db.query<{ filled: boolean }>(`SELECT EXISTS (SELECT FROM ${table}) AS filled`, []);
  return found!.filled;
}
