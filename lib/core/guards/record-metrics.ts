import { entryOf } from '../entry-of.ts';
import { unsaid } from '../feed/spec/guards.ts';
import type { Guards } from '../feed/spec.ts';
import type { Measures, TableMeasures } from './measures.ts';
import type { Metric } from './metric.ts';

/** With the default width of five spreads, a record alarms at twice the usual length, and at 200 bytes or 5 lines more than usual. */
const LEAST_PART = 0.2;
const LEAST_BYTES = 40;
const LEAST_LINES = 1;

/** The longest record of a table. A record that swallowed its neighbours is longer than any before. */
export function recordMetrics(name: string, guards: Guards, measures: TableMeasures): Metric[] {
  const { severity, learned, limit } = guards.longest_record ?? unsaid.longest_record;
  const watch = (what: 'recordBytes' | 'recordLines', least: number, of: Pick<Metric, 'guard' | 'unit' | 'limit'>) => {
    const value = measures[what];
    if (value === undefined) return [];
    const past = (night: Measures) => entryOf(night.tables, name)?.[what];
    const leastSpread = (median: number) => Math.max(least, LEAST_PART * median);
    return [{ ...of, value, side: 'rise', severity, learned, option: undefined, of: past, leastSpread } as const];
  };
  return [
    ...watch('recordBytes', LEAST_BYTES, { guard: 'RECORD_BYTES', unit: 'bytes', limit }),
    ...watch('recordLines', LEAST_LINES, { guard: 'RECORD_LINES', unit: 'count', limit: undefined }),
  ];
}
