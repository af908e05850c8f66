import { type ColumnType, type Decimal, decimalOf } from '../feed/values/column-type.ts';
import { isTextual, traitsOf } from '../feed/values/type-traits.ts';

/** The type of an expression. `null` is the type of the constant null, which fits every type. */
export type ExpressionType = ColumnType | 'null';

/** A value while it is computed: exact numbers as units of their last digit, doubles and reals as numbers, all else as canonical text. */
export type Scalar = string | bigint | number | boolean | null;

/** Spark adds digits to every sum and product of decimals, and has at most 38. */
export const MAX_DIGITS = 37;

/** Digits of an exact number type; undefined for others. */
export function digitsOf(type: ExpressionType): Decimal | undefined {
  if (type === 'smallint') return { precision: 5, scale: 0 };
  if (type === 'integer') return { precision: 10, scale: 0 };
  if (type === 'bigint') return { precision: 19, scale: 0 };
  return type === 'null' ? undefined : decimalOf(type);
}

/** What a column of this type is in an expression: any text, however long its column may be. */
export function readAs<Type extends ExpressionType>(type: Type): Type | 'text' {
  return type !== 'null' && isTextual(type) ? 'text' : type;
}

export function isNumber(type: ExpressionType): boolean {
  return type !== 'null' && traitsOf(type).number !== undefined;
}

export function decimalType({ precision, scale }: Decimal): ColumnType {
  return `decimal(${precision},${scale})`;
}

/** The type that holds every value of both exactly, if there is one. Exact numbers beside a double or a real become doubles. */
export function commonType(a: ExpressionType, b: ExpressionType): ExpressionType | undefined {
  if (a === b || b === 'null') return a;
  if (a === 'null') return b;
  if (!isNumber(a) || !isNumber(b)) return undefined;
  const [left, right] = [digitsOf(a), digitsOf(b)];
  if (!left || !right) return 'double';
  const scale = Math.max(left.scale, right.scale);
  const precision = Math.max(left.precision - left.scale, right.precision - right.scale) + scale;
  return precision > 38 ? undefined : decimalType({ precision: Math.max(precision, 1), scale });
}
