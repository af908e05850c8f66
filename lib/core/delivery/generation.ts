import type { NameReading } from '../feed/pattern.ts';
import type { Candidate } from './candidate.ts';

/** Compares by the date in the names, then by the counter, and by file time only without both. */
export type GenerationOrder = 'older' | 'same' | 'newer' | 'unknown';

export function orderOf(a: Candidate, b: Candidate): GenerationOrder {
  return named(a) ? orderOfNames(a.reading, b.reading) : orderOfTimes(a.file.modified, b.file.modified);
}

/** The files of the newest generation. A name with neither date nor counter is a generation by itself. */
export function newestOf(candidates: readonly Candidate[]): Candidate[] {
  const [first, ...others] = candidates;
  if (!first) return [];
  const newest = others.reduce((best, each) => (orderOf(each, best) === 'newer' ? each : best), first);
  return named(newest) ? candidates.filter((each) => orderOf(each, newest) === 'same') : [newest];
}

/** Whether the name says which generation it is, or only the file's time. */
export function named({ reading }: Candidate): boolean {
  return reading.date !== null || reading.counter !== null;
}

function orderOfNames(a: NameReading, b: NameReading): GenerationOrder {
  const [one, other] = [a.date ?? '', b.date ?? ''];
  const difference = one === other ? compareCounters(a.counter ?? '', b.counter ?? '') : one < other ? -1 : 1;
  return ordered(difference);
}

/** Compares digits as numbers of any length. */
function compareCounters(a: string, b: string): number {
  const [one, other] = [a, b].map((digits) => digits.replace(/^0+/, '')) as [string, string];
  if (one.length !== other.length) return one.length - other.length;
  return one === other ? 0 : one < other ? -1 : 1;
}

function orderOfTimes(a: string | null, b: string | null): GenerationOrder {
  return a === null || b === null ? 'unknown' : ordered(Date.parse(a) - Date.parse(b));
}

function ordered(difference: number): GenerationOrder {
  return difference === 0 ? 'same' : difference < 0 ? 'older' : 'newer';
}
