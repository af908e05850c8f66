import type { ReadingSpec } from '../../feed/reading-spec.ts';
import { hashOrder } from '../../feed/row-identity.ts';
import type { SqlDialect } from '../dialects/dialect.ts';
import { rowTextSql } from '../dialects/row-text.ts';

/** Where the hash of a row and its number stand: behind the columns of the reading spec, all of which are stored. */
export function identityPlaces({ columns }: Pick<ReadingSpec, 'columns'>): {
  readonly hash: string;
  readonly copy: string;
} {
  return { hash: `c${columns.length}`, copy: `c${columns.length + 1}` };
}

/** The hash of a row `c0…`. */
export function hashSql(sql: SqlDialect, { columns }: Pick<ReadingSpec, 'columns'>): string {
  const fields = hashOrder(columns).map((index) => ({ sql: `c${index}`, type: columns[index]!.type }));
  return sql.sha256(rowTextSql(sql, fields));
}

/** Numbers equal rows from 1. */
export function copySql(sql: SqlDialect, hash: string, order: string): string {
  return `CAST(row_number() OVER (PARTITION BY ${hash} ORDER BY ${order}) AS ${sql.type('bigint')})`;
}
