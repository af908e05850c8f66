import type { Feed, Guards } from '../feed/spec.ts';
import type { ArriveReceipt, DiffReceipt, TableDiff } from './receipt.ts';

const guardNames = [
  'ROWCOUNT_DROP',
  'ROWCOUNT_RISE',
  'MASS_DELETE',
  'MASS_UPDATE',
  'REJECTED_LIMIT',
  'SCHEMA_ADD',
  'FILES_MISSING',
] as const;
type GuardName = (typeof guardNames)[number];

/** A rule that a run broke. `value` and `limit` are shares (0.4 is 40 %) or counts, as `unit` says. */
export interface Hold {
  readonly table: string | null;
  readonly guard: GuardName;
  readonly value: number;
  readonly limit: number;
  readonly unit: 'share' | 'count';
}

/** Every reason to hold this night, from receipts alone. */
export function judge(feed: Feed, arrival: ArriveReceipt, diff: DiffReceipt): Hold[] {
  const tables = Object.entries(diff.tables).flatMap(([table, numbers]) =>
    judgeTable(feed.tables[table]!.guards, numbers).map((hold) => ({ table, ...hold })),
  );
  const files = arrival.files.length;
  const missing: Hold[] =
    arrival.missing > 0
      ? [{ table: null, guard: 'FILES_MISSING', value: files, limit: files + arrival.missing, unit: 'count' }]
      : [];
  return [...missing, ...tables];
}

function judgeTable(guards: Guards, diff: TableDiff): Omit<Hold, 'table'>[] {
  const holds: Omit<Hold, 'table'>[] = [];
  const hold = (guard: GuardName, value: number, limit: number, unit: Hold['unit'] = 'share') =>
    holds.push({ guard, value, limit, unit });
  const rejected = Object.entries(diff.rejected).reduce(
    (sum, [code, count]) => sum + (code === 'DUP_ROW' ? 0 : count),
    0,
  );
  const growth = diff.base > 0 ? (diff.accepted - diff.base) / diff.base : 0;
  const [lowest, highest] = guards.rows;

  if (diff.accepted === 0 && diff.base > 0) hold('ROWCOUNT_DROP', -1, lowest);
  else if (diff.base > 0 && diff.base >= guards.min_rows) {
    if (growth < lowest) hold('ROWCOUNT_DROP', growth, lowest);
    if (growth > highest) hold('ROWCOUNT_RISE', growth, highest);
  }
  if (diff.base > 0 && diff.base >= guards.min_rows) {
    if (diff.gone / diff.base > guards.gone) hold('MASS_DELETE', diff.gone / diff.base, guards.gone);
    if (diff.updated / diff.base > guards.updated) hold('MASS_UPDATE', diff.updated / diff.base, guards.updated);
  }
  if (rejected > 0 && diff.rows >= guards.min_rows && rejected / diff.rows > guards.rejected) {
    hold('REJECTED_LIMIT', rejected / diff.rows, guards.rejected);
  }
  if (diff.extra.length > 0) hold('SCHEMA_ADD', diff.extra.length, 0, 'count');
  return holds;
}

/** A hold in words, without the name of its table. */
export function explainHold({ guard, value, limit, unit }: Hold): string {
  const show = (number: number) => (unit === 'count' ? String(number) : `${(number * 100).toFixed(1)} %`);
  return explanations[guard](show(value), show(limit));
}

const explanations: Record<GuardName, (value: string, limit: string) => string> = {
  ROWCOUNT_DROP: (value, limit) => `the row count changed by ${value}; at least ${limit} is allowed`,
  ROWCOUNT_RISE: (value, limit) => `the row count changed by ${value}; at most ${limit} is allowed`,
  MASS_DELETE: (value, limit) => `${value} of the rows are gone; at most ${limit} is allowed`,
  MASS_UPDATE: (value, limit) => `${value} of the rows changed; at most ${limit} is allowed`,
  REJECTED_LIMIT: (value, limit) => `${value} of the rows were rejected; at most ${limit} is allowed`,
  SCHEMA_ADD: (value) => `${value} column(s) that the feed file does not declare; they are left out`,
  FILES_MISSING: (value, limit) => `${value} files came; ${limit} are expected`,
};
