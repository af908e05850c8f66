import { likePattern } from '../../expression/like.ts';
import { quoteIdentifier, quoteLiteral } from '../../feed/identifier.ts';
import { type ColumnType, decimalOf } from '../../feed/values/column-type.ts';

/** How an engine spells what the plan needs. Patterns keep to what JavaScript, RE2 and Java read alike. */
export interface SqlDialect {
  readonly name: string;
  literal(text: string): string;
  identifier(name: string): string;
  type(type: ColumnType): string;
  /** The type's value, or null. */
  tryCast(text: string, type: ColumnType): string;
  /** The same of a typed value. */
  fitted(value: string, type: ColumnType): string;
  text(value: string): string;
  /** Whether the whole text fits. */
  matches(text: string, pattern: string): string;
  /** The same of a pattern that a feed's author wrote, in time that grows with the text's length. */
  fits(text: string, pattern: string): string;
  /** What `expression/like.ts` says, in time that grows with the text's length. */
  like(text: string, pattern: string): string;
  /** Whether some of the text fits. */
  contains(text: string, pattern: string): string;
  extract(text: string, pattern: string, group: number): string;
  replaceAll(text: string, pattern: string, by: string): string;
  /** Without these characters at both ends. */
  trim(text: string, characters: string): string;
  isFinite(double: string): string;
  /** A double as an exact number: what its shortest text says, rounded half away from zero; null where it does not fit. */
  rounded(double: string, type: ColumnType): string;
  /** A decimal as an integer, rounded half away from zero; null where it does not fit. */
  whole(decimal: string, type: 'integer' | 'bigint'): string;
  /** As JavaScript's own parser takes it, with half a surrogate pair refused. */
  isJson(text: string): string;
  year(timestamp: string): string;
  minusMinutes(timestamp: string, minutes: string): string;
  /** A timestamp in UTC as an instant. */
  atUtc(timestamp: string): string;
  /** Canonical text of a typed value, as in `core/feed/value.ts`. */
  canonical(value: string, type: ColumnType): string;
  /** A typed value as Parquet keeps it: of types that every reader of Parquet knows. */
  stored(value: string, type: ColumnType): string;
  /** Bytes in UTF-8. */
  bytes(text: string): string;
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
  type: (type) => (decimalOf(type) ? type : duckdbTypes[type as keyof typeof duckdbTypes]),
  tryCast: (text, type) => `TRY_CAST(${text} AS ${duckdb.type(type)})`,
  // Its optimizer takes a comparison of the cast for one of what is cast, which fits where the cast is null. It sees through no coalesce.
  fitted: (value, type) => `coalesce(${duckdb.tryCast(value, type)}, NULL)`,
  text: (value) => `CAST(${value} AS VARCHAR)`,
  matches: (text, pattern) => `regexp_full_match(${text}, ${quoteLiteral(pattern)})`,
  fits: (text, pattern) => duckdb.matches(text, pattern),
  // DuckDB's own LIKE tries again at each `%`; its regular expressions never do.
  like: (text, pattern) => duckdb.matches(text, likePattern(pattern)),
  contains: (text, pattern) => `regexp_matches(${text}, ${quoteLiteral(pattern)})`,
  extract: (text, pattern, group) => `regexp_extract(${text}, ${quoteLiteral(pattern)}, ${group})`,
  replaceAll: (text, pattern, by) => `regexp_replace(${text}, ${quoteLiteral(pattern)}, ${quoteLiteral(by)}, 'g')`,
  trim: (text, characters) => `trim(${text}, ${duckdb.literal(characters)})`,
  isFinite: (double) => `isfinite(${double})`,
  rounded: (double, type) => {
    const text = duckdb.text(double);
    // Texts with a negative exponent are rounded wrongly, but not at the last of all digits.
    const precise = duckdb.tryCast(text, 'decimal(38,37)');
    return `CASE WHEN abs(${double}) < 0.0001 THEN ${duckdb.tryCast(precise, type)} ELSE ${duckdb.tryCast(text, type)} END`;
  },
  whole: (decimal, type) => duckdb.fitted(decimal, type),
  isJson: (text) => {
    // The reader also takes NaN, Infinity and trailing commas: look for these outside of strings.
    const bare = duckdb.replaceAll(text, '"([^"\\\\]|\\\\.)*"', '""');
    const words = duckdb.replaceAll(bare, 'true|false|null|[0-9][eE]', '0');
    const isLax = `${duckdb.contains(bare, ',[ \\t\\r\\n]*[\\]}]')} OR ${duckdb.contains(words, '[A-Za-z]')}`;
    return `(json_valid(${text}) AND NOT (${isLax}))`;
  },
  year: (timestamp) => `year(${timestamp})`,
  minusMinutes: (timestamp, minutes) => `(${timestamp} - to_minutes(${minutes}))`,
  atUtc: (timestamp) => `timezone('UTC', ${timestamp})`,
  canonical: (value, type) => {
    const decimal = decimalOf(type);
    // A decimal without whole digits is written `.50` and `-.50`.
    if (decimal && decimal.precision === decimal.scale) return `replace(${duckdb.text(value)}, '.', '0.')`;
    return (canonicalDuckdb[type as keyof typeof canonicalDuckdb] ?? duckdb.text)(value);
  },
  stored: (value, type) => (type === 'uuid' ? duckdb.text(value) : value),
  bytes: (text) => `strlen(${text})`,
  fingerprint: (texts) => {
    // The number takes a third less time than the hex text, but its bytes are the wrong way round: they swap places.
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

/** Neighbouring bytes, then neighbouring pairs, then the halves. */
const byteSwaps = [
  { bits: 8, mask: '71777214294589695::UBIGINT' /* 0x00ff00ff00ff00ff */ },
  { bits: 16, mask: '281470681808895::UBIGINT' /* 0x0000ffff0000ffff */ },
  { bits: 32, mask: '4294967295::UBIGINT' },
];

const duckdbTypes = {
  text: 'VARCHAR',
  integer: 'INTEGER',
  bigint: 'BIGINT',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  date: 'DATE',
  timestamp: 'TIMESTAMP',
  timestamptz: 'TIMESTAMPTZ',
  uuid: 'UUID',
  json: 'VARCHAR',
};

const canonicalDuckdb = {
  text: (value: string) => value,
  json: (value: string) => value,
  double: (value: string) => `CAST(CAST(CASE WHEN ${value} = 0 THEN 0 ELSE ${value} END AS BIT) AS VARCHAR)`,
  timestamptz: (value: string) => `CAST(timezone('UTC', ${value}) AS VARCHAR)`,
};
