import type { Value } from '../bad-value.ts';
import { patternOf } from './known-patterns.ts';

/**
 * A way to write an interval: years, months, weeks and days, hours, minutes, the sign of the seconds, seconds and their fraction. `parts` says
 * for each of these which groups of the pattern make it. JavaScript, RE2 and Java read the patterns alike.
 */
export interface IntervalForm {
  readonly pattern: string;
  readonly parts: readonly (readonly number[])[];
}

const number = '([+-]?[0-9]+)';

/** A duration of ISO 8601. Only its seconds may have a fraction: half a month is no number of days. */
export const isoForm: IntervalForm = {
  pattern: `P(?:${number}Y)?(?:${number}M)?(?:${number}W)?(?:${number}D)?(?:T(?:${number}H)?(?:${number}M)?(?:([+-]?)([0-9]+)(?:[.]([0-9]+))?S)?)?`,
  parts: [[1], [2], [3], [4], [5], [6], [7], [8], [9]],
};

/** What PostgreSQL prints, with a blank before it. The sign of its clock is that of hours, minutes and seconds. */
export const postgresForm: IntervalForm = {
  pattern: `(?: ${number} years?)?(?: ${number} mons?)?(?: ${number} days?)?(?: ([+-]?)([0-9]{2,}):([0-5][0-9]):([0-5][0-9])(?:[.]([0-9]+))?)?`,
  parts: [[1], [2], [], [3], [4, 5], [4, 6], [4], [7], [8]],
};

/** A number of more than nine digits; sums of shorter ones fit eight bytes. */
export const tooLongNumber = '(^|[^0-9.])0*[1-9][0-9]{9}';
/** A fraction of a second with more than six digits that count. */
export const tooFineSecond = '[^.]*[.][0-9]{6}[0-9]*[1-9][0-9]*S?';

/** PostgreSQL keeps months and days in four bytes each. */
export const MOST = 2 ** 31 - 1;
export const HOUR = 3_600_000_000;
export const MINUTE = 60_000_000;
export const SECOND = 1_000_000;

/**
 * An interval as PostgreSQL prints it under IntervalStyle postgres. It has months, days and microseconds apart: a month is no number of days,
 * and a day no number of hours. Two intervals are the same here only if they agree in all three.
 */
export function plainInterval(raw: string): Value {
  const isIso = raw.startsWith('P');
  const form = isIso ? isoForm : postgresForm;
  const match = /^P?$|[PT]$/.test(raw) ? null : patternOf(`^(?:${form.pattern})$`).exec(isIso ? raw : ` ${raw}`);
  if (!match) return { code: 'FORMAT' };
  if (patternOf(`^(?:${tooFineSecond})$`).test(raw)) return { code: 'SCALE' };
  if (patternOf(tooLongNumber).test(raw)) return { code: 'OVERFLOW' };
  const texts = form.parts.map((groups) => groups.map((group) => match[group] ?? '').join(''));
  const [years, months, weeks, days, hours, minutes] = texts.map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [sign, seconds, fraction] = texts.slice(6) as [string, string, string];
  const second = BigInt(Number(seconds) * SECOND + Number(fraction.slice(0, 6).padEnd(6, '0')));
  const allMonths = years * 12 + months;
  const allDays = weeks * 7 + days;
  const microseconds = BigInt(hours) * BigInt(HOUR) + BigInt(minutes * MINUTE) + (sign === '-' ? -second : second);
  if ([allMonths, allDays].some((count) => count < -MOST - 1 || count > MOST)) return { code: 'OVERFLOW' };
  return { text: written(allMonths, allDays, microseconds) };
}

function written(months: number, days: number, microseconds: bigint): string {
  const units: readonly (readonly [count: number, name: string])[] = [
    [Math.trunc(months / 12), 'year'],
    [months % 12, 'mon'],
    [days, 'day'],
  ];
  const texts: string[] = [];
  // What follows a negative count shows its sign, too.
  let isBefore = false;
  for (const [count, name] of units) {
    if (count === 0) continue;
    texts.push(`${isBefore && count > 0 ? '+' : ''}${count} ${name}${count === 1 ? '' : 's'}`);
    isBefore = count < 0;
  }
  if (microseconds !== 0n || texts.length === 0)
    texts.push(
      `${microseconds < 0n ? '-' : isBefore ? '+' : ''}${clock(microseconds < 0n ? -microseconds : microseconds)}`,
    );
  return texts.join(' ');
}

function clock(microseconds: bigint): string {
  const two = (value: bigint) => String(value).padStart(2, '0');
  const rest = microseconds % BigInt(SECOND);
  const fraction = rest === 0n ? '' : `.${String(rest).padStart(6, '0').replace(/0+$/, '')}`;
  const [hour, minute, second] = [HOUR, MINUTE, SECOND].map((size) => microseconds / BigInt(size)) as [
    bigint,
    bigint,
    bigint,
  ];
  return `${two(hour)}:${two(minute % 60n)}:${two(second % 60n)}${fraction}`;
}
