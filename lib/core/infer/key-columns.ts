export type Row = readonly (string | null)[];

/** A column that may be part of a key: each row has a value in it. */
export interface KeyColumn {
  readonly place: number;
  /** How many values it has. */
  readonly distinct: number;
  /** The lower, the more the column looks like a key: by its name, its type, and how far in front it stands. */
  readonly rank: number;
  /** Its numbers say how much of something there is, as far as name, place and values tell. */
  readonly measures: boolean;
  /** Its values are decimals: one alone is no key. */
  readonly isFraction: boolean;
}

export function keyColumns(
  names: readonly string[],
  types: readonly (string | null)[],
  rows: readonly Row[],
): KeyColumn[] {
  return names.flatMap((name, place): KeyColumn[] => {
    const type = types[place] ?? null;
    if (type === null || NEVER.test(type)) return [];
    const values = new Set<string>();
    for (const row of rows) {
      const value = row[place];
      if (value === null || value === undefined || value === '') return [];
      values.add(value);
    }
    const isFraction = type.startsWith('decimal');
    const measures = isFraction || (IS_INTEGER.test(type) && place > 0 && !isNamed(name) && isSparse(values));
    return [{ place, distinct: values.size, rank: rank(name, type, place), measures, isFraction }];
  });
}

/** Equal values may differ in text. */
const NEVER = /^(double|boolean|json)/;
const IS_INTEGER = /^(integer|bigint)/;

/** Numbers that count something off, such as years or every fourth year, have few gaps; what is measured has many. */
function isSparse(values: ReadonlySet<string>): boolean {
  const numbers = [...values].map(Number);
  const smallest = numbers.reduce((a, b) => Math.min(a, b));
  const largest = numbers.reduce((a, b) => Math.max(a, b));
  const step = numbers.reduce((found, number) => commonDivisor(number - smallest, found), 0);
  return values.size < DENSE * ((largest - smallest) / Math.max(1, step) + 1);
}

const DENSE = 0.5;

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

function rank(name: string, type: string, place: number): number {
  const named = /^(id|key|uuid|guid)$/i.test(name) ? 0 : isNamed(name) ? 100 : 300;
  const typed = /^(integer|bigint|uuid)/.test(type) ? 0 : type === 'text' ? 0.5 : 40;
  return named + typed + place;
}

const KEY_NAME = /(^|[_ .])(id|key|code|no|nr|number|num|sku|uuid|isbn|ean|symbol)\.?$|(Id|ID|Key|Code|Nr|No)$/;

const isNamed = (name: string) => KEY_NAME.test(name) || /^(id|key|code|nr|no|uuid|guid)$/i.test(name);

/** Columns in front come first. */
export function* combinations<T>(all: readonly T[], many: number, from = 0): Generator<readonly T[]> {
  if (many === 0) {
    yield [];
    return;
  }
  for (let at = from; at <= Math.min(all.length, MOST_COLUMNS) - many; at += 1)
    for (const others of combinations(all, many - 1, at + 1)) yield [all[at]!, ...others];
}

/** Columns that are tried together: four of sixteen are 1820 combinations. */
const MOST_COLUMNS = 16;
