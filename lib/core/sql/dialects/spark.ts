import { steadyLikePattern } from '../../expression/like.ts';
import { engineType, isWhole, nameIn } from '../../feed/values/type-traits.ts';
import type { SqlDialect } from './dialect.ts';
import { mayRetry } from './retrying-pattern.ts';

/** Spark SQL 4.1 in ANSI mode, in a session whose time zone is UTC. */
export const spark: SqlDialect = {
  name: 'spark',
  literal: (text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`,
  identifier: (name) => `\`${name.replaceAll('`', '``')}\``,
  type: (type) => nameIn(sparkTypes, type),
  tryCast: (text, type) => {
    if (type === 'uuid') return `CASE WHEN ${spark.matches(text, uuidPattern)} THEN ${text} END`;
    return `try_cast(${text} AS ${spark.type(type)})`;
  },
  fitted: (value, type) => spark.tryCast(value, type),
  text: (value) => `CAST(${value} AS STRING)`,
  // Spark has no name for a part of an expression, except as an element of an array; and a nested one would be repeated at each level.
  once: (value, sql) =>
    /^[\w.`]+$/.test(value) ? sql(value) : `element_at(transform(array(${value}), once -> ${sql('once')}), 1)`,
  // Java's `$` also matches before a last line end.
  matches: (text, pattern) => `${text} RLIKE ${spark.literal(`\\A(?:${pattern})\\z`)}`,
  // A function of glue-jobs/diff.py. Java is faster where its patterns cannot backtrack.
  fits: (text, pattern) =>
    mayRetry(pattern) ? `nightfeed_fits(${text}, ${spark.literal(pattern)})` : spark.matches(text, pattern),
  // Spark's own LIKE becomes a pattern that backtracks at each `%`.
  like: (text, pattern) => spark.matches(text, steadyLikePattern(pattern)),
  contains: (text, pattern) => `${text} RLIKE ${spark.literal(pattern)}`,
  extract: (text, pattern, group) => `regexp_extract(${text}, ${spark.literal(pattern)}, ${group})`,
  replaceAll: (text, pattern, by) =>
    `regexp_replace(${text}, ${spark.literal(pattern)}, ${spark.literal(by.replace(/[\\$]/g, '\\$&'))})`,
  arranged: (text, pattern, by) =>
    `regexp_replace(${text}, ${spark.literal(pattern)}, ${spark.literal(by.map((each) => (typeof each === 'number' ? `$${each}` : each)).join(''))})`,
  // Spark takes minutes to plan hundreds of nested conditions.
  lastUpTo: (text, entries) => {
    const list = (at: 0 | 1) => `split(${spark.literal(entries.map((entry) => entry[at]).join(','))}, ',')`;
    return `element_at(${list(1)}, size(filter(${list(0)}, x -> x <= ${text})))`;
  },
  trim: (text, characters) => `btrim(${text}, ${spark.literal(characters)})`,
  // NaN is greater than all else.
  isFinite: (double) => `(abs(${double}) < double('Infinity'))`,
  rounded: (double, type) => {
    const text = spark.text(double);
    return spark.tryCast(isWhole(type) ? spark.tryCast(text, 'decimal(38,0)') : text, type);
  },
  // A cast would cut the fraction off.
  whole: (decimal, type) => spark.tryCast(`round(${decimal}, 0)`, type),
  isJson: (text) => {
    // The parser is strict, but ignores what follows the first value. A text that is valid inside a list and inside an object is a single value.
    const parses = (json: string) => `try_parse_json(${json}) IS NOT NULL`;
    // It also accepts half a surrogate pair.
    const unescaped = spark.replaceAll(text, '\\\\\\\\', '');
    const paired = spark.replaceAll(unescaped, `${surrogate('89abAB')}${surrogate('c-fC-F')}`, '');
    const isHalf = spark.contains(paired, surrogate('89a-fA-F'));
    return `(${parses(`'[' || ${text} || ']'`)} AND ${parses(`'{"a":' || ${text} || '}'`)} AND NOT ${isHalf})`;
  },
  hexOfBase64: (text) => `lower(hex(unbase64(${text})))`,
  year: (timestamp) => `year(${timestamp})`,
  weekday: (date) => `(weekday(${date}) + 1)`,
  minusMinutes: (timestamp, minutes) => `(${timestamp} - make_dt_interval(0, 0, ${minutes}, 0))`,
  atMicrosecond: (count) => `timestamp_micros(${count})`,
  atUtc: (timestamp) => `CAST(${timestamp} AS TIMESTAMP)`,
  canonical: (value, type) => {
    const kept = engineType(type);
    if (kept === 'text') return value;
    if (kept === 'real') return realBits(value);
    return kept === 'double' ? doubleBits(value) : spark.text(value);
  },
  stored: (value) => value,
  bytes: (text) => `octet_length(${text})`,
  sha256: (text) => `sha2(${text}, 256)`,
  fingerprint: (texts) => {
    const half = (x: string, from: number) => `CAST(conv(substr(h, ${from}, 16), 16, 10) AS DECIMAL(20,0)) AS ${x}`;
    const sum = (x: string) => `CAST(coalesce(sum(${x}), 0) % 18446744073709551616 AS STRING) AS ${x}`;
    return `SELECT count(*) AS rows, ${sum('hi')}, ${sum('lo')}
FROM (SELECT ${half('hi', 1)}, ${half('lo', 17)} FROM (SELECT md5(t) AS h FROM ${texts}) hashed) numbers`;
  },
};

const sparkTypes = {
  text: 'STRING',
  smallint: 'SMALLINT',
  integer: 'INT',
  bigint: 'BIGINT',
  real: 'FLOAT',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  date: 'DATE',
  timestamp: 'TIMESTAMP_NTZ',
  timestamptz: 'TIMESTAMP',
  uuid: 'STRING',
};

const uuidPattern = '[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}';

const surrogate = (digits: string) => `\\\\u[dD][${digits}][0-9a-fA-F]{2}`;

/** SQL cannot read the bits of a number, Java can. */
function doubleBits(value: string): string {
  const bits = `CAST(reflect('java.lang.Double', 'doubleToLongBits', CASE WHEN ${value} = 0 THEN double(0) ELSE ${value} END) AS BIGINT)`;
  return `CASE WHEN ${value} IS NOT NULL THEN lpad(bin(${bits}), 64, '0') END`;
}

/** The sign makes a negative integer of the bits, of which `bin` writes 64. */
function realBits(value: string): string {
  const bits = `CAST(reflect('java.lang.Float', 'floatToIntBits', CASE WHEN ${value} = 0 THEN float(0) ELSE ${value} END) AS BIGINT)`;
  return `CASE WHEN ${value} IS NOT NULL THEN right(lpad(bin(${bits}), 64, '0'), 32) END`;
}
