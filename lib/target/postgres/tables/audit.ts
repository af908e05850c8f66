import type { Fingerprint } from '../../../core/diff/fingerprint.ts';
import { NightfeedError } from '../../../core/errors.ts';
import { quoteIdentifier } from '../../../core/feed/identifier.ts';
import type { Feed } from '../../../core/feed/spec.ts';
import { wholeTableLimits } from '../connection/limits.ts';
import type { Connection } from '../connection/session.ts';
import { transaction } from '../connection/transaction.ts';
import { appliedTables } from '../ledger/applied.ts';
import { hashLiveRows } from '../publish/change-sql.ts';
import { readSums, type Sums } from '../publish/sums.ts';
import { relationsOf } from './catalog.ts';
import { targetOf } from './target.ts';

/** Hashes every live row of every applied table again and compares with the ledger. Throws TARGET_MISSING. */
export async function audit(
  db: Connection,
  feed: string,
): Promise<{ table: string; expected: Fingerprint; found: Fingerprint }[]> {
  const findings = [];
  for (const { name, schema, columns, fingerprint } of await appliedTables(db, feed)) {
    const table = `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
    await requireColumns(db, schema, name, columns);
    const [found] = await transaction(db, wholeTableLimits, () =>
      db.query<{ live: Sums }>(hashLiveRows(table, columns), []),
    );
    findings.push({ table: name, expected: fingerprint, found: readSums(found!.live) });
  }
  return findings;
}

async function requireColumns(
  db: Connection,
  schema: string,
  name: string,
  columns: readonly { readonly name: string }[],
): Promise<void> {
  const relation = (await relationsOf(db, schema, [name])).get(name);
  const missing = columns.filter((column) => !relation?.columns.some((present) => present.name === column.name));
  if (missing.length === 0) return;
  const what = relation ? `the column ${missing.map((column) => column.name).join(', ')} of ` : '';
  throw new NightfeedError(
    'TARGET_MISSING',
    `${what}${schema}.${name} is not there; the ledger says that it holds rows`,
  );
}

/** A table that does not exist yet holds nothing. */
export async function counts(db: Connection, feed: Feed): Promise<Record<string, { live: number; gone: number }>> {
  const found: Record<string, { live: number; gone: number }> = {};
  for (const name of Object.keys(feed.tables)) {
    const { table } = targetOf(feed, name);
    const [there] = await db.query<{ yes: boolean }>('SELECT to_regclass($1) IS NOT NULL AS yes', [table]);
    const count = () => db.query<{ live: number; gone: number }>(countSql(table), []);
    const [counted] = there?.yes ? await transaction(db, wholeTableLimits, count) : [];
    found[name] = counted ?? { live: 0, gone: 0 };
  }
  return found;
}

function countSql(table: string): string {
  return `SELECT count(*) FILTER (WHERE _gone_since IS NULL)::float8 AS live, count(_gone_since)::float8 AS gone FROM ${table}`;
}
