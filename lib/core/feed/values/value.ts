import { type ArrayForm, type ArrayOptions, parseArray } from './array.ts';
import { badDate, badNumber, type Value } from './bad-value.ts';
import { type BytesOptions, parseBytes } from './bytes.ts';
import { type ColumnType, type Decimal, decimalOf, lengthOf, type TypeName, typeName } from './column-type.ts';
import { parseJsonb } from './jsonb.ts';
import { parseReal } from './real.ts';
import { isSpelledPlainly, respelled, type SpellingOptions } from './spelling/spelling.ts';
import { parseTime } from './time-of-day.ts';

/** A type, and the ways to write its fields; the feed file's options of a column explain them. */
export interface ValueForm extends SpellingOptions, BytesOptions, ArrayOptions {
  readonly type: ColumnType;
  readonly scale?: 'exact' | 'round' | undefined;
  readonly true_words?: readonly string[] | undefined;
  readonly false_words?: readonly string[] | undefined;
  readonly odd_times?: 'reject' | 'roll' | undefined;
  readonly values?: readonly string[] | undefined;
}

/** The value form alone, out of an object that has more. */
export function valueFormOf(of: ValueForm): ValueForm {
  const { type, date_format, scale, true_words, false_words, odd_times, bytes, values, separator } = of;
  const { decimal, thousands, grouping, percent, currency, negative, pivot, months, weekdays, epoch, timezone } = of;
  const spelling = {
    decimal,
    thousands,
    grouping,
    percent,
    currency,
    negative,
    pivot,
    months,
    weekdays,
    epoch,
    timezone,
  };
  return { type, date_format, scale, true_words, false_words, odd_times, bytes, values, separator, ...spelling };
}

/**
 * The meaning of a field, stated once in plain code. The SQL engines say the same in `core/sql/dialects/column-sql.ts`;
 * property tests hold the two together. Equal values have equal canonical text:
 * numbers without needless signs and zeros, doubles as their 64 bits, reals as their 32, times without a fraction's needless zeros,
 * timestamptz in UTC, bytes in hexadecimal digits, arrays as PostgreSQL prints them.
 */
export function parseValue(form: ValueForm, raw: string): Value {
  if (isSpelledPlainly(form)) return parsePlain(form, raw);
  const plain = respelled(form, raw);
  return plain.code ? plain : parsePlain(form, plain.text!);
}

function parsePlain(form: ValueForm, raw: string): Value {
  return parsers[typeName(form.type)](raw, form);
}

const parsers: Record<TypeName, (raw: string, form: ValueForm) => Value> = {
  text: (raw) => ({ text: raw }),
  varchar: parseVarchar,
  smallint: (raw) => parseInteger(raw, 15n),
  integer: (raw) => parseInteger(raw, 31n),
  bigint: (raw) => parseInteger(raw, 63n),
  decimal: (raw, form) => parseDecimal(decimalOf(form.type)!, raw, form.scale === 'round'),
  real: parseReal,
  double: parseDouble,
  boolean: parseBoolean,
  date: parseDate,
  timestamp: (raw, form) => parseTimestamp(raw, false, form.odd_times === 'roll'),
  timestamptz: (raw, form) => parseTimestamp(raw, true, form.odd_times === 'roll'),
  time: parseTime,
  // Its spelling has become the only one.
  interval: (raw) => ({ text: raw }),
  uuid: parseUuid,
  bytea: parseBytes,
  jsonb: parseJsonb,
  citext: (raw) => ({ text: raw }),
  // Without a list, as in an expression, it is compared with what was read.
  enum: (raw, { values }) => (values?.includes(raw) === false ? { code: 'ENUM' } : { text: raw }),
  json: parseJson,
  array: (raw, form) => parseArray(form as ArrayForm, raw, (type, item) => parsePlain({ type }, item)),
};

/** A text that is too long is never cut, not even its blanks, which PostgreSQL would cut. Characters are code points, as there. */
function parseVarchar(raw: string, { type }: ValueForm): Value {
  const most = lengthOf(type)!;
  // A text has no more code points than units, and counting takes longer.
  return raw.length <= most || [...raw].length <= most ? { text: raw } : { code: 'LENGTH' };
}

/** Digits of the largest bigint. */
const MAX_INTEGER_DIGITS = 19;

function parseInteger(raw: string, bits: bigint): Value {
  if (!/^[+-]?[0-9]+$/.test(raw)) return badNumber(raw);
  // Parsing a number takes more than linear time, so the length is checked first.
  if (raw.replace(/^[+-]?0*/, '').length > MAX_INTEGER_DIGITS) return { code: 'OVERFLOW' };
  const value = BigInt(raw.replace(/^\+/, ''));
  const limit = 1n << bits;
  return value >= -limit && value < limit ? { text: value.toString() } : { code: 'OVERFLOW' };
}

function parseDecimal({ precision, scale }: Decimal, raw: string, rounds: boolean): Value {
  const match = /^([+-]?)([0-9]*)(?:[.]([0-9]*))?$/.exec(raw);
  if (!match || !/[0-9]/.test(raw)) return badNumber(raw);
  let whole = match[2]!.replace(/^0+/, '');
  let fraction = withoutZerosBehind(match[3] ?? '');
  if (whole.length > precision - scale) return { code: 'OVERFLOW' };
  if (fraction.length > scale) {
    if (!rounds) return { code: 'SCALE' };
    const units = BigInt(`0${whole}${fraction.slice(0, scale)}`) + (fraction[scale]! >= '5' ? 1n : 0n);
    const digits = units.toString().padStart(scale + 1, '0');
    whole = digits.slice(0, digits.length - scale).replace(/^0+/, '');
    fraction = withoutZerosBehind(digits.slice(digits.length - scale));
    if (whole.length > precision - scale) return { code: 'OVERFLOW' };
  }
  const sign = match[1] === '-' && (whole !== '' || fraction !== '') ? '-' : '';
  return { text: `${sign}${whole || '0'}${scale > 0 ? `.${fraction.padEnd(scale, '0')}` : ''}` };
}

/** A regular expression would search for the end again from each zero. */
function withoutZerosBehind(digits: string): string {
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  return digits.slice(0, end);
}

/** What PostgreSQL calls out of range has no value, also a number too near to 0. */
function parseDouble(raw: string): Value {
  const match = /^[+-]?([0-9]+(?:[.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?$/.exec(raw);
  if (!match) return badNumber(raw);
  const value = Number(raw);
  const isLost = value === 0 && /[1-9]/.test(match[1]!);
  if (!Number.isFinite(value) || isLost) return { code: 'OVERFLOW' };
  const bits = Buffer.alloc(8);
  bits.writeDoubleBE(value === 0 ? 0 : value);
  return { text: bits.readBigUInt64BE().toString(2).padStart(64, '0') };
}

function parseBoolean(raw: string, { true_words, false_words }: ValueForm): Value {
  if (true_words?.includes(raw)) return { text: 'true' };
  if (false_words?.includes(raw)) return { text: 'false' };
  if (true_words) return { code: 'FORMAT' };
  if (/^(true|t|1)$/i.test(raw)) return { text: 'true' };
  if (/^(false|f|0)$/i.test(raw)) return { text: 'false' };
  return { code: 'FORMAT' };
}

/** Years outside 1000 to 9999 are almost always a mistake, and engines read them differently. */
const FIRST_YEAR = 1000;
const LAST_YEAR = 9999;

function parseDate(raw: string): Value {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(raw)) return badDate(raw);
  if (!isCalendarDay(raw)) return { code: 'DATE' };
  return Number(raw.slice(0, 4)) < FIRST_YEAR ? { code: 'DATE_RANGE' } : { text: raw };
}

function isCalendarDay(day: string): boolean {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
  return year > 0 && days !== undefined && date >= 1 && date <= days;
}

const timePattern =
  /^([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])([.][0-9]+)?( ?(?:[Zz]|[+-](?:0[0-9]|1[0-5])(?::?[0-5][0-9])?))?$/;

/** Turns hour 24 and second 60 into a time that exists, and says how many minutes must be added to it. */
function rolled(clock: string): { clock: string; minutes: number } {
  if (/^24:00:00(?:[.]0+)?(?![.0-9])/.test(clock)) return { clock: `00${clock.slice(2)}`, minutes: 1440 };
  if (/^([01][0-9]|2[0-3]):[0-5][0-9]:60/.test(clock))
    return { clock: `${clock.slice(0, 6)}00${clock.slice(8)}`, minutes: 1 };
  return { clock, minutes: 0 };
}

function parseTimestamp(raw: string, zoned: boolean, rolls: boolean): Value {
  const match = /^([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[ T](.*))?$/s.exec(raw);
  if (!match) return badDate(raw);
  const day = parseDate(match[1]!);
  if (day.code) return day;
  const { clock, minutes } = rolls ? rolled(match[2] ?? '') : { clock: match[2] ?? '', minutes: 0 };
  const time = timePattern.exec(clock);
  if (!time || (time[5] !== undefined) !== zoned) return { code: 'TIME' };
  const fraction = withoutZerosBehind(time[4] ?? '').replace('.', '');
  if (fraction.length > 6) return { code: 'SCALE' };
  const seconds = `${day.text}T${time[1]}:${time[2]}:${time[3]}Z`;
  const utc = new Date(Date.parse(seconds) + (minutes - offsetMinutes(time[5] ?? 'Z')) * 60_000);
  if (utc.getUTCFullYear() < FIRST_YEAR || utc.getUTCFullYear() > LAST_YEAR) return { code: 'DATE_RANGE' };
  return { text: `${utc.toISOString().slice(0, 19).replace('T', ' ')}${fraction && `.${fraction}`}` };
}

function offsetMinutes(zone: string): number {
  const match = /([+-])([0-9]{2}):?([0-9]{2})?/.exec(zone);
  if (!match) return 0;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  return match[1] === '-' ? -minutes : minutes;
}

function parseUuid(raw: string): Value {
  const isUuid = /^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/.test(raw);
  return isUuid ? { text: raw.toLowerCase() } : { code: 'FORMAT' };
}

/** JSON keeps its bytes: PostgreSQL's `json` does too. An escaped NUL would break every later cast to jsonb. */
function parseJson(raw: string): Value {
  if (/(^|[^\\])(\\\\)*\\u0000/.test(raw)) return { code: 'NUL_BYTE' };
  try {
    const whole = JSON.stringify(JSON.parse(raw));
    return /(^|[^\\])(\\\\)*\\ud[89a-f]/.test(whole) ? { code: 'FORMAT' } : { text: raw };
  } catch {
    return { code: 'FORMAT' };
  }
}
