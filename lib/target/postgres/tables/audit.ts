import type { Fingerprint } from '../../../core/diff/fingerprint.ts';
import { NightfeedError } from '../../../core/errors.ts';
import { quoteIdentifier } from '../../../core/feed/identifier.ts';
import { canonicalJson } from '../../../core/feed/reading-spec.ts';
import type { Feed } from '../../../core/feed/spec.ts';
import { wholeTableLimits } from '../connection/limits.ts';
import type { Connection } from '../connection/session.ts';
import { transaction } from '../connection/transaction.ts';
import { type AppliedRow, appliedTableSql, appliedTables } from '../ledger/applied.ts';
import { hashLiveRows } from '../publish/change-sql.ts';
import { readSums, type Sums } from '../publish/sums.ts';
import { relationsOf } from './catalog.ts';
import { targetOf } from './target.ts';

interface Finding {
  readonly table: string;
  readonly expected: Fingerprint;
  readonly found: Fingerprint;
}

/**
 * Hashes every live row of every applied table again, and reads what the ledger says of the table in the same statement: a night that
 * publishes meanwhile is in both or in neither. Throws TARGET_MISSING.
 */
export async function audit(db: Connection, feed: string): Promise<Finding[]> {
  const findings = [];
  for (const table of await appliedTables(db, feed)) findings.push(await auditTable(db, feed, table));
  return findings;
}

async function auditTable(db: Connection, feed: string, applied: AppliedRow): Promise<Finding> {
  const { name, schema, columns } = applied;
  await requireColumns(db, schema, name, columns);
  const hashed = hashLiveRows(`${quoteIdentifier(schema)}.${quoteIdentifier(name)}`, columns);
  const [found] = await transaction(db, wholeTableLimits, () =>
    db.query<{ held: AppliedRow | null; live: Sums }>(
      `SELECT (${appliedTableSql}) AS held, live FROM (${hashed}) AS hashed`,
      [feed, name],
    ),
  );
  const held = found!.held ?? applied;
  // A night has published other columns meanwhile, and these hashes are of the old ones.
  if (held.schema !== schema || canonicalJson(held.columns) !== canonicalJson(columns))
    return auditTable(db, feed, held);
  return { table: name, expected: held.fingerprint, found: readSums(found!.live) };
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
