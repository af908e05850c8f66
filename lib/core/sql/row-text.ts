import type { ColumnType } from '../feed/column-type.ts';
import type { Dialect } from './dialect.ts';

export interface TypedExpression {
  readonly sql: string;
  readonly type: ColumnType;
}

/** One text for a row, equal only for equal rows: each field as `bytes:text`, null as `-`. */
export function rowTextSql(sql: Dialect, fields: readonly TypedExpression[]): string {
  const parts = fields.map(({ sql: value, type }) => {
    const text = sql.canonical(value, type);
    return `CASE WHEN ${value} IS NULL THEN '-' ELSE ${sql.text(sql.bytes(text))} || ':' || ${text} END`;
  });
  return parts.join(' || ');
}

/** The same text from canonical values. */
export function rowText(values: readonly (string | null)[]): string {
  return values.map((text) => (text === null ? '-' : `${Buffer.byteLength(text)}:${text}`)).join('');
}
