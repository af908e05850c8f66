/** What may be the key of a table, and why. */
export interface GuessedKey {
  readonly columns: readonly string[];
  readonly reason: string;
}

type Row = readonly (string | null)[];

const isFit = (type: string | null) => type !== null && !unfit.test(type);

/** Types whose equal values may differ in text, or that measure something. */
const unfit = /^(double|decimal|boolean|json)/;

/**
 * Finds the columns that name a row: those of which no value comes twice and none is missing; two or three together where one is not
 * enough. Of several the most name-like comes first. A column whose type is null cannot be one. `before` are rows of an earlier delivery, in which most keys are again.
 */
export function guessKey(
  names: readonly string[],
  types: readonly (string | null)[],
  rows: readonly Row[],
  before: readonly Row[] = [],
): GuessedKey | null {
  if (rows.length === 0) return null;
  const usable = names.map((_, index) => index).filter((index) => isFit(types[index]!) && isWhole(rows, index));
  const byRank = usable.toSorted((a, b) => rank(names[a]!, types[a]!, a) - rank(names[b]!, types[b]!, b));
  for (const many of [1, 2, 3]) {
    const candidates = combinations(many === 1 ? byRank : byRank.slice(0, MAX_COLUMNS), many);
    const found = candidates.find((places) => isUnique(rows, places) && isStable(rows, before, places));
    if (found) return { columns: found.map((place) => names[place]!), reason: reasonOf(found, rows, before) };
  }
  return null;
}

/** Columns that are tried together. */
const MAX_COLUMNS = 8;

/** An earlier delivery has at least this share of today's keys. */
const STABLE = 0.5;

function isWhole(rows: readonly Row[], place: number): boolean {
  return rows.every((row) => row[place] !== null && row[place] !== '');
}

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

/** The lower, the more a column looks like a key: by its name, its type, and how far in front it stands. */
function rank(name: string, type: string, place: number): number {
  const named = /^(id|key|uuid|guid)$/i.test(name) ? 0 : KEY_NAME.test(name) ? 100 : 300;
  const typed = /^(integer|bigint|uuid)/.test(type) ? 0 : type === 'text' ? 0.5 : 40;
  return named + typed + place;
}

const KEY_NAME = /(^|[_ ])(id|key|code|no|nr|number|num|sku|uuid|isbn|ean|symbol)$|(Id|ID|Key|Code|Nr|No)$/;

function combinations(places: readonly number[], many: number): number[][] {
  if (many === 1) return places.map((place) => [place]);
  return places.flatMap((place, index) =>
    combinations(places.slice(index + 1), many - 1).map((others) => [place, ...others]),
  );
}
