import type { Row } from './key-columns.ts';

/** A limit of the feed file, and what it was made of. */
export interface GuessedGuard {
  readonly name: 'rows' | 'gone' | 'updated' | 'nulls';
  readonly limit: string | readonly [string, string];
  readonly reason: string;
}

export interface TwoDeliveries {
  readonly rows: readonly Row[];
  readonly before: readonly Row[];
  /** Places of the key's columns. */
  readonly key: readonly number[];
  /** Words for null of each column. */
  readonly nulls: readonly (readonly string[])[];
  readonly names: readonly string[];
}

/**
 * Limits made of what changed between two whole deliveries. One night says little of the others, so a limit is five times what was
 * seen; but it goes beyond what a feed file says by itself only where that night would be held.
 */
export function guessGuards({ rows, before, key, nulls, names }: TwoDeliveries): GuessedGuard[] {
  if (rows.length === 0 || before.length === 0) return [];
  const growth = (rows.length - before.length) / before.length;
  const lowest = limitOf(Math.max(0, -growth), { least: 10, most: 20 });
  const highest = limitOf(Math.max(0, growth), { least: 10, most: 50 });
  const { gone, updated } = changes(rows, before, key);
  const { name, change } = largestNullChange({ rows, before, nulls, names });
  return [
    {
      name: 'rows',
      limit: [`-${lowest}%`, `+${highest}%`],
      reason: `${before.length} rows before, ${rows.length} now`,
    },
    {
      name: 'gone',
      limit: `${limitOf(gone, { least: 1, most: 5 })}%`,
      reason: `${percent(gone)} of the earlier rows are gone`,
    },
    {
      name: 'updated',
      limit: `${limitOf(updated, { least: 5, most: 30 })}%`,
      reason: `${percent(updated)} of the earlier rows are changed`,
    },
    {
      name: 'nulls',
      limit: `${limitOf(change, { least: 5, most: 25 })}%`,
      reason:
        change === 0 ? 'no share of nulls changed' : `the share of nulls in ${name} changed by ${percent(change)}`,
    },
  ];
}

const MARGIN = 5;
/** Of a night that would be held. */
const NARROW_MARGIN = 1.5;

function limitOf(seen: number, { least, most }: { readonly least: number; readonly most: number }): number {
  const usual = Math.min(most, Math.max(least, Math.ceil(100 * seen * MARGIN)));
  return Math.min(100, 100 * seen < most ? usual : Math.ceil(100 * seen * NARROW_MARGIN));
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function changes(rows: readonly Row[], before: readonly Row[], key: readonly number[]) {
  const keyOf = (row: Row) => JSON.stringify(key.map((place) => row[place]));
  const now = new Map(rows.map((row) => [keyOf(row), row]));
  let gone = 0;
  let updated = 0;
  for (const old of before) {
    const row = now.get(keyOf(old));
    if (row === undefined) gone += 1;
    else if (row.some((value, place) => value !== old[place])) updated += 1;
  }
  return { gone: gone / before.length, updated: updated / before.length };
}

function largestNullChange({ rows, before, nulls, names }: Omit<TwoDeliveries, 'key'>) {
  const shareOf = (of: readonly Row[], place: number) =>
    of.filter((row) => isNull(row[place] ?? null, nulls[place] ?? [])).length / of.length;
  const changed = names.map((name, place) => ({
    name,
    change: Math.abs(shareOf(rows, place) - shareOf(before, place)),
  }));
  return changed.reduce((a, b) => (b.change > a.change ? b : a));
}

function isNull(value: string | null, words: readonly string[]): boolean {
  return value === null || value === '' || words.includes(value.trim());
}
