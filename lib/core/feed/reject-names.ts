import type { ReadingSpec } from './reading-spec.ts';
import { filterNames } from './shaping.ts';

/** Maps the names that a plan gives to columns, rules and filters to the names that reject reports show. */
export function rejectNames(reading: ReadingSpec): ReadonlyMap<string, string> {
  const { columns, rules = [] } = reading;
  return new Map([
    ...columns.map(({ name }, index) => [String(index), name] as const),
    ...rules.map(({ name, column }, index) => [`r${index}`, column ?? name] as const),
    ...filterNames(reading).map((name, index) => [`f${index}`, name] as const),
  ]);
}
