import { type ColumnType, lengthOf } from '../feed/values/column-type.ts';
import { isTextual } from '../feed/values/type-traits.ts';
import type { Expression } from './expression.ts';
import { castScalar } from './scalar.ts';
import { commonType, digitsOf, type ExpressionType, isNumber, readAs } from './type.ts';

/** The expression as this type, if no value can be lost. A text constant is read as any type. */
export function fitted(expression: Expression, type: ExpressionType): Expression | undefined {
  if (expression.type === type || type === 'null') return expression;
  const to = type;
  if (expression.kind === 'literal') {
    const value = castScalar(expression.value, expression.type, to);
    const isReadable = expression.value === null || (expression.type === 'text' && to !== 'json' && value !== null);
    if (isReadable) return { kind: 'literal', type: to, value };
  }
  return widens(expression.type, to) ? { kind: 'cast', type: to, of: expression, mayFail: false } : undefined;
}

/** Casts all to a type that holds the values of each. */
export function unified(expressions: readonly Expression[]): readonly Expression[] | undefined {
  // Text constants take the type of the others.
  const leading = expressions.filter(({ kind, type }) => kind !== 'literal' || type !== 'text');
  const types = (leading.length > 0 ? leading : expressions).map(({ type }) => readAs(type));
  const type = types.reduce<ExpressionType | undefined>((a, b) => a && commonType(a, b), 'null');
  if (!type) return undefined;
  const result = expressions.map((expression) => fitted(expression, type === 'null' ? expression.type : type));
  return result.every((expression) => expression !== undefined) ? result : undefined;
}

function widens(from: ExpressionType, to: ColumnType): boolean {
  if (from !== 'null' && isTextual(from)) return to === 'text';
  if (from === 'real') return to === 'double';
  if (!isNumber(from) || !isNumber(to)) return false;
  const [source, target] = [digitsOf(from), digitsOf(to)];
  if (!source) return false;
  return to === 'double' || (target !== undefined && source.scale <= target.scale && alwaysFits(from, to));
}

/** Whether every value of one type, perhaps rounded, is a value of the other, so that a cast never fails. */
export function alwaysFits(from: ExpressionType, to: ColumnType): boolean {
  if (from === to || from === 'null' || to === 'text') return true;
  if (isTextual(from) || lengthOf(to) !== undefined) return false;
  const [source, target] = [digitsOf(from), digitsOf(to)];
  // Dates and times fit each other, and every exact number fits a double or a real, but not every double fits another number.
  if (!source || !target) return from !== 'double';
  // Rounding may add a whole digit: 99.9 becomes 100.
  const carry = source.scale > target.scale ? 1 : 0;
  const room = sureDigits[to] ?? target.precision - target.scale;
  return source.precision - source.scale + carry <= room;
}

/** As many digits always fit. */
const sureDigits: Partial<Record<ColumnType, number>> = { smallint: 4, integer: 9, bigint: 18 };
