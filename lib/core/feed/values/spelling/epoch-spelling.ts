import type { Value } from '../bad-value.ts';
import type { ColumnType } from '../column-type.ts';
import { patternOf } from './known-patterns.ts';

export interface EpochOptions {
  readonly epoch?: 's' | 'ms' | 'us' | undefined;
}

export interface EpochSpelling {
  /** Number of decimal places that a microsecond has in the unit. */
  readonly places: number;
  readonly type: ColumnType;
}

export function epochSpellingOf({ epoch, type }: EpochOptions & { readonly type: ColumnType }): EpochSpelling {
  return { places: { s: 6, ms: 3, us: 0 }[epoch!], type };
}

/** Both read alike by JavaScript, RE2 and Java: a good text, and one that is finer than a microsecond. */
export const epochPattern = '[+-]?[0-9]+(?:[.][0-9]+)?';
export const tooFinePattern = (places: number) => `[+-]?[0-9]+[.][0-9]{${places}}[0-9]*[1-9][0-9]*`;

/** The years that all engines read alike, in microseconds: 1000-01-01 to 9999-12-31. */
export const FIRST_MICROSECOND = -30_610_224_000_000_000n;
export const LAST_MICROSECOND = 253_402_300_799_999_999n;
export const DAY = 86_400_000_000n;

/** The plain spelling of a moment that is written as the time since 1970 in UTC, or why it has none. */
export function plainEpoch({ places, type }: EpochSpelling, raw: string): Value {
  if (patternOf(`^(?:${tooFinePattern(places)})$`).test(raw)) return { code: 'SCALE' };
  if (!patternOf(`^(?:${epochPattern})$`).test(raw)) return { code: 'DATE' };
  const [whole = '', fraction = ''] = raw.split('.');
  const digits = whole.replace(/^[+-]?0*/, '');
  // Parsing a number takes more than linear time, so the length is checked first.
  if (digits.length > MAX_DIGITS) return { code: 'DATE_RANGE' };
  const units = BigInt(`0${digits}${fraction.slice(0, places).padEnd(places, '0')}`);
  const microseconds = whole.startsWith('-') ? -units : units;
  if (microseconds < FIRST_MICROSECOND || microseconds > LAST_MICROSECOND) return { code: 'DATE_RANGE' };
  const within = ((microseconds % SECOND) + SECOND) % SECOND;
  const time = new Date(Number((microseconds - within) / 1000n)).toISOString();
  if (type === 'date') return microseconds % DAY === 0n ? { text: time.slice(0, 10) } : { code: 'DATE' };
  const rest = within === 0n ? '' : `.${String(within).padStart(6, '0')}`;
  return { text: `${time.slice(0, 19).replace('T', ' ')}${rest}${type === 'timestamptz' ? 'Z' : ''}` };
}

const MAX_DIGITS = 19;
const SECOND = 1_000_000n;
