import type { ColumnType } from '../../feed/values/column-type.ts';
import { traitsOf } from '../../feed/values/type-traits.ts';
import type { SqlDialect } from './dialect.ts';

/**
 * One text for a row, equal only for equal rows: its canonical fields, an empty text for null, then the byte length of each field that
 * may hold a comma, -1 for null; all joined by commas. Servers and engines build it for every row that they
 * prove, and a length before each field would cost twice as much.
 */
export function rowText(types: readonly ColumnType[], values: readonly (string | null)[]): string {
  const lengths = values
    .filter((_text, index) => isFree(types[index]!))
    .map((text) => (text === null ? -1 : bytes(text)));
  return [...values.map((text) => text ?? ''), ...lengths].join(',');
}

export interface TypedExpression {
  readonly sql: string;
  readonly type: ColumnType;
}

/** The same as SQL. */
export function rowTextSql(sql: SqlDialect, fields: readonly TypedExpression[]): string {
  const texts = fields.map(({ sql: value, type }) => ({ text: sql.canonical(value, type), type }));
  const lengths = texts.filter(({ type }) => isFree(type)).map(({ text }) => `coalesce(${sql.bytes(text)}, -1)`);
  return joined([
    ...texts.map(({ text, type }) => `coalesce(${type === 'text' ? text : sql.text(text)}, '')`),
    ...lengths,
  ]);
}

/** A function of PostgreSQL takes at most 100 arguments. */
const MAX_ARGUMENTS = 90;

/** `concat_ws` over texts that are never null, because it leaves nulls out. */
export function joined(texts: readonly string[]): string {
  if (texts.length <= MAX_ARGUMENTS) return `concat_ws(',', ${texts.join(', ')})`;
  const groups = Array.from({ length: Math.ceil(texts.length / MAX_ARGUMENTS) }, (_, index) =>
    joined(texts.slice(index * MAX_ARGUMENTS, (index + 1) * MAX_ARGUMENTS)),
  );
  return joined(groups);
}

/** Whether a canonical text of this type may hold a comma. */
export function isFree(type: ColumnType): boolean {
  return traitsOf(type).isFree === true;
}

const bytes = (text: string) => Buffer.byteLength(text);
