import { NightfeedError } from '../../../core/errors.ts';
import { columnList } from '../../../core/sql/dialects/postgres.ts';
import type { Publication, PublishedTable } from '../../../ports/target.ts';
import { NOT_FRESH, sqlState, violatedUnique } from '../connection/errors.ts';
import type { Connection } from '../connection/session.ts';
import type { Target } from '../tables/target.ts';
import { hashLiveRows } from './change-sql.ts';
import { requireProof } from './change-table.ts';
import { readSums, type Sums } from './sums.ts';
import type { WrittenRows } from './written-rows.ts';

/** Whether a table still waits for its first rows and its key. */
export interface Freshness {
  readonly keyless: boolean;
  readonly empty: boolean;
}

export async function freshness(db: Connection, { table }: Target): Promise<Freshness> {
  const [found] = await db.query<Freshness>(
    `SELECT NOT EXISTS (SELECT FROM pg_index WHERE indrelid = $1::text::regclass AND indisprimary) AS keyless,
       NOT EXISTS (SELECT FROM ${table}) AS empty`,
    [table],
  );
  return found!;
}

/** COPY straight into the new table, then the proof over all of it, then its key: all in the caller's transaction. */
export async function loadFirst(
  db: Connection,
  publication: Publication,
  target: Target,
  written: WrittenRows,
): Promise<PublishedTable> {
  const { run, receipt, rows } = publication;
  const diff = receipt.tables[target.name]!;
  try {
    await db.query('SELECT nightfeed.begin_first_load($1, $2, $3::date)', [target.schema, target.name, run.date]);
  } catch (error) {
    if (sqlState(error) !== NOT_FRESH) throw error;
    throw new NightfeedError('DRIFT', `${target.schema}.${target.name} was empty; somebody filled it meanwhile`, {
      cause: error,
    });
  }
  if (diff.inserted > 0)
    await db.copyIn(`COPY ${target.table} (${columnList(target.columns)}) FROM STDIN`, rows(target.name, 'inserted'));
  written.mean(`${target.schema}.${target.name}`, { inserted: diff.inserted });
  const [found] = await db.query<{ live: Sums }>(hashLiveRows(target.table, target.compared), []);
  requireProof(target, readSums(found!.live), diff.after);
  await addKey(db, target);
  return { inserted: diff.inserted, updated: 0, returned: 0, gone: 0 };
}

export async function addKey(db: Connection, target: Target): Promise<void> {
  try {
    await db.query('SELECT nightfeed.finish_first_load($1, $2)', [target.schema, target.name]);
  } catch (error) {
    if (violatedUnique(error) === null) throw error;
    throw new NightfeedError('PROOF_FAILED', `${target.schema}.${target.name}: the rows hold a key twice`, {
      cause: error,
    });
  }
}
