import { blanks } from '../../expression/evaluate.ts';
import type { Expression, OperationName } from '../../expression/expression.ts';
import { capitals, smalls } from '../../expression/letter-case.ts';
import { canonicalOf } from '../../expression/scalar.ts';
import { digitsOf, type ExpressionType, type Scalar } from '../../expression/type.ts';
import { type ColumnType, decimalOf } from '../../feed/values/column-type.ts';
import { engineType, isTextual, isWhole, traitsOf } from '../../feed/values/type-traits.ts';
import { fieldSql } from './column-sql.ts';
import type { SqlDialect } from './dialect.ts';

/** The same as `core/expression/evaluate.ts`, as SQL. `columnOf` gives the SQL of a column's typed value. */
export function expressionSql(sql: SqlDialect, expression: Expression, columnOf: (name: string) => string): string {
  return new Writer(sql, columnOf).value(expression);
}

class Writer {
  readonly #sql: SqlDialect;
  readonly #columnOf: (name: string) => string;

  constructor(sql: SqlDialect, columnOf: (name: string) => string) {
    this.#sql = sql;
    this.#columnOf = columnOf;
  }

  /** Doubles are finite or null. */
  value(expression: Expression): string {
    const { type, kind } = expression;
    const isComputed = kind === 'operation' && ['+', '-', '*', '/'].includes(expression.name);
    if (type !== 'double' || !isComputed) return this.#raw(expression);
    return this.#sql.once(this.#raw(expression), (text) => `CASE WHEN ${this.#sql.isFinite(text)} THEN ${text} END`);
  }

  /** Sums and products of doubles that become infinite stay so or become NaN, so checking the result is enough. */
  #raw(expression: Expression): string {
    switch (expression.kind) {
      case 'column':
        return this.#columnOf(expression.name);
      case 'literal':
        return literalSql(this.#sql, expression.type, expression.value);
      case 'cast':
        return castSql(this.#sql, this.value(expression.of), expression.of.type, expression.type);
      case 'case': {
        const branches = expression.branches.map(
          ({ when, result }) => `WHEN ${this.value(when)} THEN ${this.value(result)}`,
        );
        return `CASE ${branches.join(' ')} ELSE ${this.value(expression.otherwise)} END`;
      }
      case 'operation':
        return this.#operation(expression);
    }
  }

  #operation({ name, type, args }: Expression & { kind: 'operation' }): string {
    const isInexact = type === 'double' && ['+', '-', '*'].includes(name);
    const values = args.map((arg) => (isInexact ? this.#raw(arg) : this.value(arg)));
    if (name === 'like' || name === 'matches') {
      const pattern = (args[1] as { value: Scalar }).value as string;
      return `(${name === 'like' ? this.#sql.like(values[0]!, pattern) : this.#sql.fits(values[0]!, pattern)})`;
    }
    const text = operations[name](values, this.#sql, args[0]!.type);
    const isExactSum = type !== 'double' && ['+', '-', '*'].includes(name);
    return isExactSum ? `CAST(${text} AS ${this.#sql.type(type as ColumnType)})` : text;
  }
}

type Writing = (values: readonly string[], sql: SqlDialect, type: ExpressionType) => string;
const between =
  (sign: string): Writing =>
  (values) =>
    `(${values.join(` ${sign} `)})`;
const call =
  (name: string): Writing =>
  (values) =>
    `${name}(${values.join(', ')})`;
const part =
  (name: string): Writing =>
  ([value], sql, type) =>
    `CAST(${name}(${type === 'timestamptz' ? sql.tryCast(`substr(${sql.canonical(value!, type)}, 1, 10)`, 'date') : value}) AS ${sql.type('integer')})`;

const operations: Record<Exclude<OperationName, 'like' | 'matches'>, Writing> = {
  and: between('AND'),
  or: between('OR'),
  not: ([value]) => `(NOT ${value})`,
  is_null: ([value]) => `(${value} IS NULL)`,
  '=': between('='),
  '<>': between('<>'),
  '<': between('<'),
  '<=': between('<='),
  '>': between('>'),
  '>=': between('>='),
  in: ([value, ...list]) => `(${value} IN (${list.join(', ')}))`,
  '+': between('+'),
  '-': between('-'),
  '*': between('*'),
  '/': ([a, b]) => `(${a} / nullif(${b}, 0))`,
  minus: ([value]) => `(- ${value})`,
  abs: call('abs'),
  '||': between('||'),
  coalesce: call('coalesce'),
  lower: ([text], sql) => letters(sql, 'lower', text!, capitals, smalls),
  upper: ([text], sql) => letters(sql, 'upper', text!, smalls, capitals),
  trim: ([text], sql) => sql.trim(text!, blanks),
  length: ([text], sql) => `CAST(length(${text}) AS ${sql.type('integer')})`,
  replace: call('replace'),
  substr: call('substr'),
  left: call('left'),
  right: call('right'),
  split_part: call('split_part'),
  year: part('year'),
  month: part('month'),
  day: part('day'),
};

/** ASCII text has as many bytes as characters and needs no table of letters. */
function letters(sql: SqlDialect, name: string, text: string, from: string, to: string): string {
  const isPlain = `${sql.bytes(text)} = length(${text})`;
  return `CASE WHEN ${isPlain} THEN ${name}(${text}) ELSE translate(${text}, ${sql.literal(from)}, ${sql.literal(to)}) END`;
}

function literalSql(sql: SqlDialect, type: ExpressionType, value: Scalar): string {
  if (type === 'null') return 'NULL';
  if (value === null) return `CAST(NULL AS ${sql.type(type)})`;
  if (type === 'boolean') return value ? 'true' : 'false';
  if (engineType(type) === 'text') return sql.literal(value as string);
  if (type === 'integer' && (value as bigint) >= 0n) return String(value);
  const text = typeof value === 'number' ? String(value) : canonicalOf(type, value)!;
  return castSql(sql, sql.literal(type === 'timestamptz' ? `${text}Z` : text), 'text', type, true);
}

/** `isWellFormed`: the text is known to be valid for the type. */
function castSql(sql: SqlDialect, value: string, from: ExpressionType, to: ColumnType, isWellFormed = false): string {
  if (isTextual(from as ColumnType)) {
    if (to === 'text') return value;
    if (traitsOf(to).number === 'float' && !isWellFormed) return sql.once(value, (named) => floatSql(sql, named, to));
    const { code, typed } = fieldSql(sql, { type: to }, value);
    return isWellFormed ? typed : `CASE WHEN ${value} IS NOT NULL AND (${code}) IS NULL THEN ${typed} END`;
  }
  if (isTextual(to)) return castSql(sql, sql.text(sql.canonical(value, from as ColumnType)), 'text', to);
  if (from === 'real') return sql.fitted(value, to);
  if (to === 'real') return realSql(sql, value, from);
  // Converted through text, because no engine converts all decimals and doubles exactly.
  if (from === 'double') return sql.rounded(value, to);
  if (to === 'double') return sql.tryCast(sql.text(value), to);
  if (decimalOf(from as ColumnType) && isWhole(to)) return sql.whole(value, to);
  if (digitsOf(to) || to === 'date') {
    const isInstant = from === 'timestamptz';
    return isInstant ? sql.tryCast(`substr(${sql.canonical(value, from)}, 1, 10)`, to) : sql.fitted(value, to);
  }
  if (to === 'timestamptz') return sql.atUtc(sql.tryCast(value, 'timestamp'));
  return sql.tryCast(from === 'timestamptz' ? sql.canonical(value, from) : value, to);
}

function floatSql(sql: SqlDialect, text: string, type: ColumnType): string {
  const { code, typed } = fieldSql(sql, { type }, text);
  return `CASE WHEN ${text} IS NOT NULL AND (${code}) IS NULL THEN ${typed} END`;
}

/** A double that is out of range, or becomes 0, has no real. Exact numbers become one through their text, which is rounded once. */
function realSql(sql: SqlDialect, value: string, from: ExpressionType): string {
  if (from !== 'double') return sql.tryCast(sql.text(value), 'real');
  return sql.once(value, (double) => {
    const real = sql.fitted(double, 'real');
    return `CASE WHEN ${sql.isFinite(real)} AND (${real} <> 0 OR ${double} = 0) THEN ${real} END`;
  });
}
