import { PassThrough, type Readable } from 'node:stream';
import type { Column } from '../../../core/feed/spec.ts';
import { columnOf } from '../../../core/sql/dialects/postgres.ts';
import { wholeTableLimits } from '../connection/limits.ts';
import type { Connection, Session } from '../connection/session.ts';
import { transaction } from '../connection/transaction.ts';
import type { Target } from './target.ts';

/** Condition for live rows of `t`. A table that nightfeed does not own yet has no stamps. */
export async function liveCondition(db: Connection, { table }: Target): Promise<string> {
  const [found] = await db.query<{ stamped: boolean }>(
    `SELECT EXISTS (SELECT FROM pg_attribute WHERE attrelid = $1::text::regclass AND attname = '_gone_since' AND NOT attisdropped) AS stamped`,
    [table],
  );
  return found!.stamped ? 't._gone_since IS NULL' : 'true';
}

/**
 * Live rows as CSV, every value in quotes and null as an empty field, at the reader's pace, over a session that ends with them. A
 * column that the table does not have yet is null.
 */
export function liveRows(session: Session, target: Target, columns: readonly Column[]): Readable {
  const output = new PassThrough({ highWaterMark: 1 << 20 });
  // A failure before anybody reads must not end the process; a later reader still gets it.
  output.on('error', () => {});
  const work = async () => {
    try {
      await session.alone((db) => transaction(db, wholeTableLimits, () => exportRows(db, target, columns, output)));
    } finally {
      await session.close();
    }
  };
  work().catch((error: Error) => output.destroy(error));
  return output;
}

async function exportRows(
  db: Connection,
  target: Target,
  columns: readonly Column[],
  output: PassThrough,
): Promise<void> {
  const live = await liveCondition(db, target);
  const there = await columnNames(db, target);
  const values = columns.map(({ name, type }) => {
    if (!there.has(name)) return 'NULL';
    return type === 'timestamptz' ? `${columnOf(name, 't')} AT TIME ZONE 'UTC'` : columnOf(name, 't');
  });
  // A constant ends each line, because a row of a single null would be a blank line.
  const select = `SELECT ${values.join(', ')}, 'e' FROM ${target.table} AS t WHERE ${live}`;
  await db.copyOut(`COPY (${select}) TO STDOUT (FORMAT csv, FORCE_QUOTE *)`, output);
}

async function columnNames(db: Connection, { table }: Target): Promise<Set<string>> {
  const found = await db.query<{ name: string }>(
    'SELECT attname AS name FROM pg_attribute WHERE attrelid = $1::text::regclass AND attnum > 0 AND NOT attisdropped',
    [table],
  );
  return new Set(found.map(({ name }) => name));
}
