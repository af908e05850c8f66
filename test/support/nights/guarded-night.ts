import { noSchemaChange } from '../../../lib/core/feed/schema-change.ts';
import type { Finding } from '../../../lib/core/guards/finding.ts';
import { evaluate } from '../../../lib/core/guards/guard.ts';
import type { PastNight, TableMeasures } from '../../../lib/core/guards/measures.ts';
import type { ArriveReceipt } from '../../../lib/core/run/arrive-receipt.ts';
import type { DiffReceipt, TableDiff } from '../../../lib/core/run/diff-receipt.ts';
import { feedSchema } from '../../../lib/feed-file/feed.ts';

export const TONIGHT = '2026-11-20';
export const schedule = { at: '02:00', timezone: 'Europe/Berlin' };

/** 10,000 rows, of which nothing changed. */
export const quiet: TableDiff = {
  engine: 'test',
  reason: 'test',
  rows: 10_000,
  accepted: 10_000,
  rejected: {},
  filtered: 0,
  broken: {},
  base: 10_000,
  inserted: 0,
  updated: 0,
  gone: 0,
  unchanged: 10_000,
  suspended: 0,
  carried: 0,
  before: { rows: 0, hi: '0', lo: '0' },
  after: { rows: 0, hi: '0', lo: '0' },
  bytes: { base: 1_000_000, next: 1_000_000 },
  nulls: { name: { base: 100, next: 100 }, price: { base: 0, next: 0 } },
  samples: 'test',
  changes: {},
  rejects: null,
  snapshot: 'test',
  schema: noSchemaChange,
};

export const arrival: ArriveReceipt = {
  listing: 'test',
  missing: 0,
  files: [{ name: 'items.csv', table: 'items', size: 1, modified: '2026-11-20T01:10:00Z' }],
};

export interface Case {
  readonly diff?: Partial<TableDiff>;
  readonly guards?: object;
  readonly feed?: object;
  readonly past?: readonly PastNight[];
  readonly arrival?: Partial<ArriveReceipt>;
}

export function judged({ diff = {}, guards = {}, feed = {}, past = [], arrival: arrived = {} }: Case) {
  const parsed = feedSchema.parse({
    feed: 'shop',
    source: { folder: '.' },
    tables: {
      items: {
        files: '*.csv',
        columns: { id: { type: 'bigint', key: true }, name: 'text', price: 'text' },
        guards,
        rules: [
          { name: 'order', check: 'id > 0', on_fail: 'hold' },
          { name: 'named', check: 'name is not null', on_fail: 'warn' },
        ],
      },
    },
    ...feed,
  });
  const receipt: DiffReceipt = { base: 'b', delivery: 'd', tables: { items: { ...quiet, ...diff } } };
  return evaluate({ feed: parsed, date: TONIGHT, arrival: { ...arrival, ...arrived }, diff: receipt, past });
}

/** The guards that hold and those that warn, each with its column or rule. */
export function verdictOf(given: Case): [holds: string[], warnings: string[]] {
  const { holds, warnings } = judged(given);
  return [names(holds), names(warnings)];
}

/** Nights back from yesterday with these numbers. */
export function nights(count: number, measures: (index: number) => TableMeasures, late?: number): PastNight[] {
  return Array.from({ length: count }, (_, index) => ({
    date: new Date(Date.parse(`${TONIGHT}T00:00:00Z`) - (index + 1) * 86_400_000).toISOString().slice(0, 10),
    measures: { ...(late === undefined ? {} : { late }), tables: { items: measures(index) } },
  }));
}

export const names = (holds: readonly Finding[]) =>
  holds.map(({ guard, column, rule }) => [guard, column ?? rule].join(' ').trim());
export const calm = nights(28, () => ({
  rows: 0,
  bytes: 0,
  inserted: 0,
  updated: 0.01,
  gone: 0,
  rejected: 0,
  nulls: { name: 0, price: 0 },
}));
