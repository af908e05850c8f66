import { likePattern } from '../../expression/like.ts';
import { quoteIdentifier, quoteLiteral } from '../../feed/identifier.ts';
import { type ColumnType, decimalOf } from '../../feed/values/column-type.ts';
import { type EngineType, engineType, nameIn } from '../../feed/values/type-traits.ts';

/** A text, and the value that counts from it on. */
type Entry = readonly [from: string, value: string];

/** The SQL of an engine for what plans need. Patterns use only what JavaScript, RE2 and Java read alike. */
export interface SqlDialect {
  readonly name: string;
  literal(text: string): string;
  identifier(name: string): string;
  type(type: ColumnType): string;
  /** Casts text to the type; null when it does not fit. */
  tryCast(text: string, type: ColumnType): string;
  /** Casts a typed value. */
  fitted(value: string, type: ColumnType): string;
  text(value: string): string;
  /** SQL that names a value several times. The value itself stands in it once where an engine would pay for each time. */
  once(value: string, sql: (named: string) => string): string;
  /** Whether the pattern matches the whole text. */
  matches(text: string, pattern: string): string;
  /** The same for a pattern of the feed file, in time linear in the text's length. */
  fits(text: string, pattern: string): string;
  /** The same as `expression/like.ts`, in time linear in the text's length. */
  like(text: string, pattern: string): string;
  /** Whether the pattern matches a part of the text. */
  contains(text: string, pattern: string): string;
  extract(text: string, pattern: string, group: number): string;
  replaceAll(text: string, pattern: string, by: string): string;
  /** The groups of a pattern that matches the whole text, by number, and texts between them. */
  arranged(text: string, pattern: string, by: readonly (string | number)[]): string;
  /** The value of the last entry whose text is not after this one; the entries are in order, without commas, and the first is before all. */
  lastUpTo(text: string, entries: readonly Entry[]): string;
  /** Trims these characters at both ends. */
  trim(text: string, characters: string): string;
  isFinite(double: string): string;
  /** A double as an exact number: the number of its shortest text, rounded half away from zero; null when it does not fit. */
  rounded(double: string, type: ColumnType): string;
  /** A decimal as an integer, rounded half away from zero; null when it does not fit. */
  whole(decimal: string, type: ColumnType): string;
  /** Whether the text is JSON for JavaScript's parser and has no half of a surrogate pair. */
  isJson(text: string): string;
  /** The hexadecimal digits, small, of the bytes that a text says in base64. */
  hexOfBase64(text: string): string;
  year(timestamp: string): string;
  /** 1 for a Monday, 7 for a Sunday. */
  weekday(date: string): string;
  minusMinutes(timestamp: string, minutes: string): string;
  /** The timestamp so many microseconds after 1970 began, in UTC. */
  atMicrosecond(count: string): string;
  /** A timestamp in UTC as an instant. */
  atUtc(timestamp: string): string;
  /** Canonical text of a typed value, as in `core/feed/values/value.ts`. */
  canonical(value: string, type: ColumnType): string;
  /** A typed value as Parquet stores it, as a type that every reader of Parquet knows. */
  stored(value: string, type: ColumnType): string;
  /** Number of bytes in UTF-8. */
  bytes(text: string): string;
  /** SHA-256 of a text in UTF-8, as hexadecimal digits in small letters. */
  sha256(text: string): string;
  /**
   * One row over a relation with a text `t` in each row: `rows`, and `hi` and `lo`, the sums over the halves of the texts'
   * md5, read as big-endian numbers, modulo 2^64, as decimal text.
   */
  fingerprint(texts: string): string;
}

export const duckdb: SqlDialect = {
  name: 'duckdb',
  literal: quoteLiteral,
  identifier: quoteIdentifier,
  type: (type) => nameIn(duckdbTypes, type),
  tryCast: (text, type) => `TRY_CAST(${text} AS ${duckdb.type(type)})`,
  // The optimizer compares the uncast value instead of the cast one, which differs when the cast is null. A coalesce prevents that.
  fitted: (value, type) => `coalesce(${duckdb.tryCast(value, type)}, NULL)`,
  text: (value) => `CAST(${value} AS VARCHAR)`,
  once: (value, sql) => sql(value),
  matches: (text, pattern) => `regexp_full_match(${text}, ${quoteLiteral(pattern)})`,
  fits: (text, pattern) => duckdb.matches(text, pattern),
  // DuckDB's own LIKE backtracks at each `%`; its regular expressions never do.
  like: (text, pattern) => duckdb.matches(text, likePattern(pattern)),
  contains: (text, pattern) => `regexp_matches(${text}, ${quoteLiteral(pattern)})`,
  extract: (text, pattern, group) => `regexp_extract(${text}, ${quoteLiteral(pattern)}, ${group})`,
  replaceAll: (text, pattern, by) => `regexp_replace(${text}, ${quoteLiteral(pattern)}, ${quoteLiteral(by)}, 'g')`,
  arranged: (text, pattern, by) =>
    `regexp_replace(${text}, ${quoteLiteral(pattern)}, ${quoteLiteral(by.map((each) => (typeof each === 'number' ? `\\${each}` : each)).join(''))})`,
  // Halves the entries until one is left: a text is compared as often as their number has binary digits.
  lastUpTo: (text, entries) => {
    if (entries.length === 1) return quoteLiteral(entries[0]![1]);
    const middle = entries.length >> 1;
    const [before, after] = [entries.slice(0, middle), entries.slice(middle)];
    return `CASE WHEN ${text} < ${quoteLiteral(after[0]![0])} THEN ${duckdb.lastUpTo(text, before)} ELSE ${duckdb.lastUpTo(text, after)} END`;
  },
  trim: (text, characters) => `trim(${text}, ${duckdb.literal(characters)})`,
  isFinite: (double) => `isfinite(${double})`,
  rounded: (double, type) => {
    const text = duckdb.text(double);
    // DuckDB rounds texts with a negative exponent wrongly unless all digits are kept, so rounding is a second step.
    const precise = duckdb.tryCast(text, 'decimal(38,37)');
    return `CASE WHEN abs(${double}) < 0.0001 THEN ${duckdb.tryCast(precise, type)} ELSE ${duckdb.tryCast(text, type)} END`;
  },
  whole: (decimal, type) => duckdb.fitted(decimal, type),
  isJson: (text) => {
    // The reader also accepts NaN, Infinity and trailing commas, so these are searched for outside of strings.
    const bare = duckdb.replaceAll(text, '"([^"\\\\]|\\\\.)*"', '""');
    const words = duckdb.replaceAll(bare, 'true|false|null|[0-9][eE]', '0');
    const isLax = `${duckdb.contains(bare, ',[ \\t\\r\\n]*[\\]}]')} OR ${duckdb.contains(words, '[A-Za-z]')}`;
    return `(json_valid(${text}) AND NOT (${isLax}))`;
  },
  hexOfBase64: (text) => `lower(hex(from_base64(${text})))`,
  year: (timestamp) => `year(${timestamp})`,
  weekday: (date) => `isodow(${date})`,
  minusMinutes: (timestamp, minutes) => `(${timestamp} - to_minutes(${minutes}))`,
  atMicrosecond: (count) => `make_timestamp(${count})`,
  atUtc: (timestamp) => `timezone('UTC', ${timestamp})`,
  canonical: (value, type) => {
    const decimal = decimalOf(type);
    // A decimal without whole digits is written `.50` and `-.50`.
    if (decimal && decimal.precision === decimal.scale) return `replace(${duckdb.text(value)}, '.', '0.')`;
    return (canonicalDuckdb[engineType(type)] ?? duckdb.text)(value);
  },
  stored: (value, type) => (type === 'uuid' ? duckdb.text(value) : value),
  bytes: (text) => `strlen(${text})`,
  sha256: (text) => `sha256(${text})`,
  fingerprint: (texts) => {
    // md5 as a number takes a third less time than as hex, but its bytes are in reverse order and have to be swapped.
    const halves = `SELECT CAST(h & 18446744073709551615::UHUGEINT AS UBIGINT) AS hi, CAST(h >> 64 AS UBIGINT) AS lo
FROM (SELECT md5_number(t) AS h FROM ${texts}) hashed`;
    const swapped = byteSwaps.reduce(
      (numbers, { mask, bits }) => `SELECT ${['hi', 'lo']
        .map((x) => `((${x} & ${mask}) * ${2 ** bits}::UBIGINT) | ((${x} >> ${bits}) & ${mask}) AS ${x}`)
        .join(', ')}
FROM (${numbers}) swapped${bits}`,
      halves,
    );
    const sum = (x: string) => `CAST(coalesce(sum(${x}), 0) % 18446744073709551616 AS VARCHAR) AS ${x}`;
    return `SELECT count(*) AS rows, ${sum('hi')}, ${sum('lo')} FROM (${swapped}) numbers`;
  },
};

/** Swaps neighbouring bytes, then neighbouring pairs, then the halves. */
const byteSwaps = [
  { bits: 8, mask: '71777214294589695::UBIGINT' /* 0x00ff00ff00ff00ff */ },
  { bits: 16, mask: '281470681808895::UBIGINT' /* 0x0000ffff0000ffff */ },
  { bits: 32, mask: '4294967295::UBIGINT' },
];

const duckdbTypes = {
  text: 'VARCHAR',
  smallint: 'SMALLINT',
  integer: 'INTEGER',
  bigint: 'BIGINT',
  real: 'FLOAT',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
  timestamptz: 'TIMESTAMPTZ',
  uuid: 'UUID',
};

const canonicalDuckdb: Partial<Record<EngineType, (value: string) => string>> = {
  text: (value) => value,
  real: bitsOf,
  double: bitsOf,
  timestamptz: (value) => `CAST(timezone('UTC', ${value}) AS VARCHAR)`,
};

/** The bits of a number, with those of 0 for -0. */
function bitsOf(value: string): string {
  return `CAST(CAST(CASE WHEN ${value} = 0 THEN 0 ELSE ${value} END AS BIT) AS VARCHAR)`;
}
