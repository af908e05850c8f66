import { combinations, type KeyColumn, keyColumns, type Row } from './key-columns.ts';

/** What may be the key of a table, and why. */
export interface GuessedKey {
  readonly columns: readonly string[];
  readonly reason: string;
}

/**
 * Finds the columns that name a row: those of which no value comes twice and none is missing; two or more together where one is not
 * enough. Of single columns the most name-like comes first. Of several together those come first that have the fewest combinations,
 * for such rows are a grid, and chance makes none. A number that measures something comes last: in few rows it is unique by chance.
 * A column whose type is null cannot be one. `before` are rows of an earlier delivery, in which most keys are again.
 */
export function guessKey(
  names: readonly string[],
  types: readonly (string | null)[],
  rows: readonly Row[],
  before: readonly Row[] = [],
): GuessedKey | null {
  if (rows.length === 0) return null;
  const columns = keyColumns(names, types, rows);
  const isKey = (places: readonly number[]) => isUnique(rows, places) && isStable(rows, before, places);
  const found = [...candidates(columns, rows.length)].find(isKey);
  return found ? { columns: found.map((place) => names[place]!), reason: reasonOf(found, rows, before) } : null;
}

/** Columns together that are looked at, and how many combinations of them. */
const MOST_TOGETHER = 4;
const MOST_COMBINATIONS = 200;

/** So many combinations for each row are still a grid in which a few rows are missing; for numbers that measure, none may be. */
const MOST_MISSING = 1.3;

/** Where so few values come twice, the vendor's mistakes are why, and any other column would make the rows unique. */
const NEARLY_ALL = 0.99;

function* candidates(columns: readonly KeyColumn[], rows: number): Generator<readonly number[]> {
  const alone = columns.filter(({ distinct }) => distinct === rows).toSorted((a, b) => a.rank - b.rank);
  for (const { place } of alone.filter(({ measures }) => !measures)) yield [place];
  const shared = columns.filter(({ distinct }) => distinct > 1 && distinct < NEARLY_ALL * rows);
  const dimensions = shared.filter(({ measures }) => !measures);
  yield* together(dimensions, rows, Number.POSITIVE_INFINITY);
  yield* together(shared, rows, MOST_MISSING * rows);
  for (const { place, isFraction } of alone) if (!isFraction) yield [place];
}

function* together(columns: readonly KeyColumn[], rows: number, most: number): Generator<readonly number[]> {
  for (let many = 2; many <= MOST_TOGETHER; many += 1) {
    const found: { readonly places: readonly number[]; readonly product: number }[] = [];
    for (const group of combinations(columns, many)) {
      const product = group.reduce((all, { distinct }) => all * distinct, 1);
      if (product >= rows && product <= most) found.push({ places: group.map(({ place }) => place), product });
    }
    const bySize = found.toSorted((a, b) => a.product - b.product);
    for (const { places } of bySize.slice(0, MOST_COMBINATIONS)) yield places;
  }
}

/** An earlier delivery has at least this share of today's keys. */
const STABLE = 0.5;

function keyOf(row: Row, places: readonly number[]): string {
  return places.length === 1 ? row[places[0]!]! : JSON.stringify(places.map((place) => row[place]));
}

function isUnique(rows: readonly Row[], places: readonly number[]): boolean {
  const seen = new Set<string>();
  for (const row of rows) {
    const key = keyOf(row, places);
    if (seen.has(key)) return false;
    seen.add(key);
  }
  return true;
}

function isStable(rows: readonly Row[], before: readonly Row[], places: readonly number[]): boolean {
  return before.length === 0 || shareBefore(rows, before, places) >= STABLE;
}

function shareBefore(rows: readonly Row[], before: readonly Row[], places: readonly number[]): number {
  const known = new Set(before.map((row) => keyOf(row, places)));
  return rows.filter((row) => known.has(keyOf(row, places))).length / Math.min(rows.length, before.length);
}

function reasonOf(places: readonly number[], rows: readonly Row[], before: readonly Row[]): string {
  const unique = `no value comes twice in ${rows.length} rows`;
  if (before.length === 0) return unique;
  return `${unique}, and ${Math.round(100 * shareBefore(rows, before, places))} % are in the earlier delivery`;
}
