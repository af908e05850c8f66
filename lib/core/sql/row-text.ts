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
    const length = canonicalBytes(type);
    const prefix = length === undefined ? `${sql.text(sql.bytes(text))} || ':'` : `'${length}:'`;
    return `coalesce(${prefix} || ${text}, '-')`;
  });
  return `concat(${parts.join(', ')})`;
}

/** Length of every canonical text of a type, where they all have the same: nobody needs to count it row by row. */
export function canonicalBytes(type: ColumnType): number | undefined {
  return fixedLengths[type as keyof typeof fixedLengths];
}

const fixedLengths = { date: 10, timestamp: 26, timestamptz: 26, uuid: 36, double: 64 };

/** The same text from canonical values. */
export function rowText(values: readonly (string | null)[]): string {
  return values.map((text) => (text === null ? '-' : `${Buffer.byteLength(text)}:${text}`)).join('');
}
