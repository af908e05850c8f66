import type { ColumnType } from '../feed/column-type.ts';
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
  return widens(expression.type, to) ? { kind: 'cast', type: to, of: expression } : undefined;
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
  if (!target) return true;
  const whole = ({ precision, scale }: typeof source) => precision - scale;
  // Nine digits always fit a four-byte integer, eighteen an eight-byte one.
  const room = to === 'integer' && from !== 'integer' ? 9 : to === 'bigint' && from !== 'bigint' ? 18 : whole(target);
  return whole(source) <= (from === 'integer' && to === 'bigint' ? 10 : room) && source.scale <= target.scale;
}
