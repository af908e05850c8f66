import type { Value } from '../bad-value.ts';
import { type ClockEntry, type ClockTable, clockEntries, NONE } from './clock-table.ts';
import { patternOf } from './known-patterns.ts';

/** The feed file's option of a column explains it. */
export interface LocalTime {
  readonly zone: string;
  /** What a time means that the clocks skip. */
  readonly gap: 'reject' | 'later';
  /** What a time means that the clocks show twice. */
  readonly double: 'reject' | 'earlier' | 'later';
}

export interface LocalOptions {
  readonly timezone?: (LocalTime & { readonly clock: ClockTable }) | undefined;
}

/** Times from `from` on, until the next entry, get this at their end, or are rejected. */
interface LocalEntry {
  readonly from: string;
  readonly offset: string | null;
  readonly code: 'TIME' | 'TIME_AMBIGUOUS' | 'DATE_RANGE' | null;
}

export interface LocalSpelling {
  readonly entries: readonly LocalEntry[];
}

export function localSpellingOf({ clock, gap, double }: LocalTime & { readonly clock: ClockTable }): LocalSpelling {
  return { entries: clockEntries(clock).map((entry) => ({ from: entry.from, ...meaningOf(entry, gap, double) })) };
}

/** Fits a time without a zone; whether it is one on a calendar and a clock its type finds out. */
export const localPattern = '[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][\\s\\S]*[0-9]';

/** Fits a time with anything else at its end. */
export const otherEndPattern = '[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][\\s\\S]*';

/** The spelling with an offset of a time on a local clock, or why nobody can tell it. What is no time stays, for its type to say so. */
export function plainLocal({ entries }: LocalSpelling, raw: string): Value {
  if (!patternOf(`^(?:${localPattern})$`).test(raw)) {
    if (patternOf(`^(?:${otherEndPattern})$`).test(raw)) return { code: 'TIME' };
    return /^[0-9]/.test(raw) ? { text: raw } : { code: 'DATE' };
  }
  const text = `${raw.slice(0, 10)} ${raw.slice(11)}`;
  const { offset, code } = entryAt(entries, text);
  return code === null ? { text: text + offset } : { code };
}

function entryAt(entries: readonly LocalEntry[], text: string): LocalEntry {
  let [low, high] = [0, entries.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (text < entries[middle]!.from) high = middle;
    else low = middle;
  }
  return entries[low]!;
}

function meaningOf(
  { before, after }: ClockEntry,
  gap: LocalTime['gap'],
  double: LocalTime['double'],
): Pick<LocalEntry, 'offset' | 'code'> {
  const isGap = after === 'gap';
  if (isGap && gap === 'reject') return { offset: null, code: 'TIME' };
  if (!isGap && before !== after && double === 'reject') return { offset: null, code: 'TIME_AMBIGUOUS' };
  const offset = isGap || double === 'earlier' ? before : after;
  return offset === NONE ? { offset: null, code: 'DATE_RANGE' } : { offset, code: null };
}
