import type { ColumnType, Decimal } from '../feed/values/column-type.ts';
import { bitsOfReal, parseReal, realOf } from '../feed/values/real.ts';
import { isTextual, isWhole, traitsOf } from '../feed/values/type-traits.ts';
import { parseValue } from '../feed/values/value.ts';
import { digitsOf, type ExpressionType, isNumber, type Scalar } from './type.ts';

/** Turns a canonical text of `value.ts` into the form for computation. */
export function scalarOf(type: ColumnType, text: string | null): Scalar {
  if (text === null) return null;
  if (digitsOf(type)) return BigInt(text.replace('.', ''));
  if (type === 'real') return realOf(text);
  if (type === 'double') return doubleOf(text);
  return type === 'boolean' ? text === 'true' : text;
}

/** Turns it back into canonical text. */
export function canonicalOf(type: ColumnType, value: Scalar): string | null {
  if (value === null) return null;
  const digits = digitsOf(type);
  if (digits) return pointed(value as bigint, digits.scale);
  if (type === 'real') return bitsOfReal(value as number);
  return type === 'double' ? bitsOf(value as number) : String(value);
}

const days = ['date', 'timestamp', 'timestamptz'];

/**
 * Whether a cast is allowed. A double or a real cannot become text, because engines write it differently, and a real no exact number:
 * its digits, and those of the double that it is, round to different ones. No text becomes an interval: it is read in steps, which an
 * expression does not have.
 */
export function isCastable(from: ExpressionType, to: ColumnType): boolean {
  if (from === to || from === 'null') return true;
  if (traitsOf(to).isOnlyRead) return false;
  if (isTextual(from)) return true;
  if (isTextual(to)) return from !== 'double' && from !== 'real';
  if (from === 'real') return to === 'double';
  if (isNumber(from)) return isNumber(to);
  return days.includes(from) && days.includes(to);
}

/** Casts a value; null when the type has no such value. Text is read as `value.ts` reads a field. Decimals are rounded half away from zero. */
export function castScalar(value: Scalar, from: ExpressionType, to: ColumnType): Scalar {
  if (value === null || from === to || from === 'null') return value;
  if (isTextual(from)) {
    const { text } = parseValue({ type: to }, value as string);
    return text === undefined ? null : scalarOf(to, text);
  }
  if (isTextual(to)) return castScalar(canonicalOf(from, value), 'text', to);
  if (to === 'real') return nearestReal(value, from);
  const [source, target] = [digitsOf(from), digitsOf(to)];
  if (source && target) return rescaled(value as bigint, source.scale, to, target);
  if (target) return roundedDouble(value as number, to, target);
  if (source) return Number(pointed(value as bigint, source.scale));
  if (to === 'double') return value;
  const text = value as string;
  if (to === 'date') return text.slice(0, 10);
  return from === 'date' ? `${text} 00:00:00` : text;
}

/** Converts units of one scale to another. */
function rescaled(units: bigint, from: number, type: ColumnType, { precision, scale }: Decimal): bigint | null {
  const result =
    scale >= from ? units * 10n ** BigInt(scale - from) : roundedQuotient(units, 10n ** BigInt(from - scale));
  const bits = wholeBits[type];
  const limit = bits === undefined ? 10n ** BigInt(precision) : 1n << (bits - 1n);
  const lowest = isWhole(type) ? -limit : -limit + 1n;
  return result >= lowest && result < limit ? result : null;
}

const wholeBits: Partial<Record<ColumnType, bigint>> = { smallint: 16n, integer: 32n, bigint: 64n };

/** As `real.ts` reads a text: a number out of range, or too near to 0, has no real. */
function nearestReal(value: Scalar, from: ExpressionType): Scalar {
  const digits = digitsOf(from);
  if (digits) return scalarOf('real', parseReal(pointed(value as bigint, digits.scale)).text ?? null);
  const real = Math.fround(value as number);
  return Number.isFinite(real) && (real !== 0 || value === 0) ? real : null;
}

/** A double means the number of its shortest text. */
function roundedDouble(value: number, type: ColumnType, target: Decimal): bigint | null {
  const [mantissa, exponent] = value.toExponential().split('e') as [string, string];
  const [whole, fraction = ''] = mantissa.split('.') as [string, string?];
  const scale = fraction.length - Number(exponent);
  const units = BigInt(whole + fraction);
  if (scale < -40) return units === 0n ? 0n : null;
  return scale >= 0 ? rescaled(units, scale, type, target) : rescaled(units * 10n ** BigInt(-scale), 0, type, target);
}

function roundedQuotient(units: bigint, by: bigint): bigint {
  const half = by / 2n;
  return (units < 0n ? units - half : units + half) / by;
}

function pointed(units: bigint, scale: number): string {
  const digits = (units < 0n ? -units : units).toString().padStart(scale + 1, '0');
  const sign = units < 0n ? '-' : '';
  return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

function doubleOf(bits: string): number {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(`0b${bits}`));
  return bytes.readDoubleBE();
}

function bitsOf(value: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value === 0 ? 0 : value);
  return bytes.readBigUInt64BE().toString(2).padStart(64, '0');
}
