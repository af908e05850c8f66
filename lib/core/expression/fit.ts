import type { ColumnType } from '../feed/values/column-type.ts';
import type { Expression } from './expression.ts';
import { castScalar } from './scalar.ts';
import { commonType, digitsOf, type ExpressionType, isNumber } from './type.ts';

/** The expression as this type, where no value can get lost; a text that is written out is read as any type. */
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

/** All as the type that holds each of them. */
export function unified(expressions: readonly Expression[]): readonly Expression[] | undefined {
  // Texts that are written out follow the others.
  const leading = expressions.filter(({ kind, type }) => kind !== 'literal' || type !== 'text');
  const types = (leading.length > 0 ? leading : expressions).map(({ type }) => type);
  const type = types.reduce<ExpressionType | undefined>((a, b) => a && commonType(a, b), 'null');
  if (!type) return undefined;
  const result = expressions.map((expression) => fitted(expression, type === 'null' ? expression.type : type));
  return result.every((expression) => expression !== undefined) ? result : undefined;
}

function widens(from: ExpressionType, to: ColumnType): boolean {
  if (!isNumber(from) || !isNumber(to)) return false;
  const [source, target] = [digitsOf(from), digitsOf(to)];
  if (!source) return false;
  return !target || (source.scale <= target.scale && alwaysFits(from, to));
}

/** Whether every value of a type is one of another, if only a rounded one: then a cast between them never fails. */
export function alwaysFits(from: ExpressionType, to: ColumnType): boolean {
  if (from === to || from === 'null' || to === 'text') return true;
  if (from === 'text') return false;
  const [source, target] = [digitsOf(from), digitsOf(to)];
  // Between days all values fit, and in a double all exact ones; in an exact number not every double.
  if (!source || !target) return from !== 'double';
  // 99.9 has three whole digits when it is rounded.
  const carry = source.scale > target.scale ? 1 : 0;
  // Nine digits always fit a four-byte integer, eighteen an eight-byte one.
  const room = to === 'integer' ? 9 : to === 'bigint' ? 18 : target.precision - target.scale;
  return source.precision - source.scale + carry <= room;
}
