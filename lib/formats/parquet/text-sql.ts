import type { FileColumn } from './file-columns.ts';
import type { Meaning } from './footer/meaning.ts';
import { ownName } from './footer/own-footer.ts';
import type { ParquetFormat } from './options.ts';
import { type ReadColumn, readingOf } from './read-column.ts';

/** A column's values; `place` is the number of its column in the footer of ours. */
export function valueSql({ steps }: FileColumn, place: number): string {
  return steps.reduce(
    (within, { of, index }) => `${of === 'struct' ? 'struct_extract_at' : 'list_extract'}(${within}, ${index + 1})`,
    ownName(place),
  );
}

/** Their text, as its type reads it. `isDigits`: whole doubles are written as integers are. */
export function textSql(column: ReadColumn, place: number, isDigits: boolean, format: ParquetFormat): string {
  const value = valueSql(column.from, place);
  const { node } = column.from;
  if (node.children || node.repetition === 2) return `CAST(to_json(${value}) AS VARCHAR)`;
  if (readingOf(column) === 'bytes') return `'\\x' || lower(hex(${value}))`;
  return leafSql(value, node.meaning, isDigits, format);
}

function leafSql(value: string, meaning: Meaning, isDigits: boolean, { unmarked_times }: ParquetFormat): string {
  switch (meaning.kind) {
    case 'null':
      return 'CAST(NULL AS VARCHAR)';
    case 'text':
    case 'json':
    case 'binary':
      return value;
    case 'float':
    case 'double':
      return doubleSql(meaning.kind === 'float' ? `CAST(${value} AS DOUBLE)` : value, isDigits);
    case 'timestamp': {
      const time = meaning.isInt96 ? int96Sql(value) : textOf(value);
      return (meaning.isUtc ?? unmarked_times === 'utc') ? `${time} || '+00'` : time;
    }
    default:
      return textOf(value);
  }
}

function textOf(value: string): string {
  return `CAST(${value} AS VARCHAR)`;
}

/** From 2^53 on a double stands for several integers. */
const EXACT = 2 ** 53;

function doubleSql(value: string, isDigits: boolean): string {
  if (!isDigits) return textOf(value);
  return `CASE WHEN ${value} = trunc(${value}) AND abs(${value}) < ${EXACT} THEN CAST(CAST(${value} AS BIGINT) AS VARCHAR) ELSE ${textOf(value)} END`;
}

/**
 * Nanoseconds of the day in eight bytes and the Julian day in four, both with the lowest byte first. Some writers count back from a later
 * day, so that the nanoseconds are negative.
 */
function int96Sql(value: string): string {
  const number = (from: number, bytes: number) => {
    const each = Array.from(
      { length: bytes },
      (_, index) => `substr(hex(${value}), ${2 * (from + bytes - index) - 1}, 2)`,
    );
    return `CAST(CAST('0x' || ${each.join(' || ')} AS UBIGINT) AS HUGEINT)`;
  };
  const unsigned = number(0, 8);
  const ofDay = `(${unsigned} - CASE WHEN ${unsigned} >= ${2n ** 63n} THEN ${2n ** 64n} ELSE 0 END)`;
  const nanoseconds = `((${number(8, 4)} - ${JULIAN_DAY_OF_1970}) * ${DAY_NANOSECONDS} + ${ofDay})`;
  const rest = `((${nanoseconds} % 1000 + 1000) % 1000)`;
  const time = `make_timestamp(CAST((${nanoseconds} - ${rest}) // 1000 AS BIGINT))`;
  // Nine decimal places are more than a column holds: the row is rejected, and no digit is lost.
  const exact = `strftime(${time}, '%Y-%m-%d %H:%M:%S.%f') || lpad(CAST(${rest} AS VARCHAR), 3, '0')`;
  return `CASE WHEN ${rest} = 0 THEN CAST(${time} AS VARCHAR) ELSE ${exact} END`;
}

const JULIAN_DAY_OF_1970 = 2_440_588;
const DAY_NANOSECONDS = 86_400_000_000_000n;
