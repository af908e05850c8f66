import { quoteLiteral } from '../../feed/identifier.ts';
import type { ReadingSpec } from '../../feed/reading-spec.ts';
import { MAX_RECORD_BYTES } from '../../records/scan/scan.ts';
import type { RecordEnd } from '../../run/file-parts.ts';
import type { SqlDialect } from './dialect.ts';

export interface CsvFile {
  readonly path: string;
  /** Column names in file order. */
  readonly header: readonly string[];
  readonly recordEnd: RecordEnd;
}

/**
 * Left to itself, DuckDB takes the first line end for the record end, even a quoted one. With '\r\n' in strict mode it
 * finds an extra field after a quoted last field; in lenient mode it reads such files correctly. Our scan was strict already.
 */
const recordEnds: Record<RecordEnd, string> = {
  '\n': `new_line = '\\n', strict_mode = true`,
  '\r': `new_line = '\\r', strict_mode = true`,
  '\r\n': `new_line = '\\n', strict_mode = false`,
};

/**
 * Records of one headless file as text columns `r0…` in the reading spec's order, unquoted null values as null.
 * Every option is set, so that DuckDB guesses nothing and agrees byte for byte with our own scan.
 */
export function readCsvDuckdb(file: CsvFile, reading: ReadingSpec): string {
  const { delimiter, quote, null_values, quoted_nulls } = reading.format;
  const columns = file.header.map((_name, index) => `'f${index}': 'VARCHAR'`).join(', ');
  // No field can hold an unquoted line end, so this one matches nothing.
  const nulls = null_values.length > 0 ? null_values.map(quoteLiteral) : [`E'\\n'`];
  const selected = reading.columns.flatMap(({ name, as }, index) =>
    as === undefined ? [`${fieldOf(file.header.indexOf(name))} AS r${index}`] : [],
  );
  const compression = file.path.endsWith('.zst') ? 'zstd' : 'none';
  return `SELECT row_number() OVER () - 1 AS ord, ${selected.join(', ')} FROM read_csv(${quoteLiteral(file.path)},
  columns = {${columns}}, header = false, auto_detect = false, delim = ${quoteLiteral(delimiter)},
  quote = ${quoteLiteral(quote)}, escape = ${quoteLiteral(quote)}, comment = '', nullstr = [${nulls.join(', ')}],
  allow_quoted_nulls = ${quoted_nulls === true}, null_padding = false, ${recordEnds[file.recordEnd]}, compression = '${compression}',
  max_line_size = ${MAX_RECORD_BYTES})`;
}

/** A file may lack a column. */
const fieldOf = (at: number) => (at < 0 ? 'CAST(NULL AS VARCHAR)' : `f${at}`);

/** The same relation without rows. */
export function noRecords(reading: ReadingSpec, sql: SqlDialect): string {
  const columns = reading.columns.flatMap(({ as }, index) =>
    as === undefined ? [`CAST(NULL AS ${sql.type('text')}) AS r${index}`] : [],
  );
  return `SELECT CAST(0 AS BIGINT) AS part, CAST(0 AS BIGINT) AS ord, ${columns.join(', ')} WHERE false`;
}
