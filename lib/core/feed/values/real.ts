import { badNumber, type Value } from './bad-value.ts';

/** Reads a text as the nearest number of four bytes, as PostgreSQL does; what it calls out of range has no value, also a number too near to 0. */
export function parseReal(raw: string): Value {
  const match = /^[+-]?([0-9]+(?:[.][0-9]*)?|[.][0-9]+)(?:[eE]([+-]?[0-9]+))?$/.exec(raw);
  if (!match) return badNumber(raw);
  const [, mantissa = '', exponent = '0'] = match;
  const size = nearestReal(mantissa, exponent);
  const isLost = size === 0 && /[1-9]/.test(mantissa);
  return Number.isFinite(size) && !isLost
    ? { text: bitsOfReal(raw.startsWith('-') ? -size : size) }
    : { code: 'OVERFLOW' };
}

/** The canonical text of a real: its 32 bits. Engines write its digits differently. */
export function bitsOfReal(value: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatBE(value === 0 ? 0 : value);
  return bytes.readUInt32BE().toString(2).padStart(32, '0');
}

export function realOf(bits: string): number {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(Number.parseInt(bits, 2));
  return bytes.readFloatBE();
}

/** The fewest digits that mean this real and no other one. */
export function shortestReal(value: number): string {
  for (let digits = 1; digits < MOST_DIGITS; digits += 1) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return String(Number(text));
  }
  return String(Number(value.toPrecision(MOST_DIGITS)));
}

/** Nine digits tell all numbers of four bytes apart. */
const MOST_DIGITS = 9;

/**
 * Rounding to a double first is right unless that double lies half way between two reals: then the digits behind it decide. The least
 * number that rounds to infinity is such a double, too.
 */
function nearestReal(mantissa: string, exponent: string): number {
  const double = Number(`${mantissa}e${exponent}`);
  const found = Math.fround(double);
  if (found === double || double === Infinity) return found;
  const other = neighbour(found, found < double ? 1 : -1);
  if ((sizeOf(found) + sizeOf(other)) / 2 !== double) return found;
  const order = compared(decimalOf(mantissa, Number(exponent)), exactDecimal(double));
  if (order === 0) return found;
  return order < 0 ? Math.min(found, other) : Math.max(found, other);
}

/** The next real above or below one that is not negative. */
function neighbour(real: number, step: 1 | -1): number {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatBE(real);
  bytes.writeUInt32BE(bytes.readUInt32BE() + step);
  return bytes.readFloatBE();
}

/** Where rounding is concerned, infinity is the number that would come next. */
const sizeOf = (real: number) => (real === Infinity ? 2 ** 128 : real);

/** `0.digits` times a power of ten; without a zero at either end, so that equal numbers are equal. */
interface Decimal {
  readonly digits: string;
  readonly power: number;
}

function decimalOf(mantissa: string, exponent: number): Decimal {
  const [whole = '', fraction = ''] = mantissa.split('.');
  const all = whole + fraction;
  const digits = all.replace(/^0+/, '');
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  return { digits: digits.slice(0, end), power: exponent + whole.length - (all.length - digits.length) };
}

/** All digits of a double that is half way between two reals: there are less than two hundred. */
function exactDecimal(double: number): Decimal {
  let [units, halvings] = [double, 0];
  while (!Number.isInteger(units)) [units, halvings] = [units * 2, halvings + 1];
  return decimalOf((BigInt(units) * 5n ** BigInt(halvings)).toString(), -halvings);
}

function compared(a: Decimal, b: Decimal): number {
  if (a.power !== b.power) return a.power - b.power;
  return a.digits < b.digits ? -1 : a.digits > b.digits ? 1 : 0;
}
