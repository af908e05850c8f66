import type { ReadingSpec } from '../../feed/reading-spec.ts';
import type { Format } from '../../feed/spec.ts';
import type { RecordEnd } from '../../run/receipt.ts';
import { spark } from './spark.ts';
import type { SparkInput } from './spark-input.ts';

/** Files that can be read in one go. The name of each tells its part: `part-00003.csv.zst`. */
export interface SparkCsv {
  readonly files: readonly string[];
  /** Column names in file order. */
  readonly header: readonly string[];
  readonly recordEnd: RecordEnd;
  /** As `rewrittenFormat`, not as the vendor wrote them. */
  readonly rewritten: boolean;
}

/** Fields that mean null are bare and empty, all others are quoted. */
export const rewrittenFormat = { delimiter: ',', quote: '"', null_values: [''], quoted_nulls: false };

/**
 * Records as `part, ord, r0…`, like `readCsvDuckdb`. Left to itself, Spark guesses the record end, takes a backslash for an
 * escape, trims, and shortens what does not fit to nulls. No record holds a NUL, so that as null value it means nothing.
 */
export function readCsvSpark(name: string, csv: SparkCsv, reading: ReadingSpec): SparkInput {
  const format = csv.rewritten ? rewrittenFormat : reading.format;
  const { delimiter, quote } = format;
  return {
    name,
    format: 'csv',
    schema: csv.header.map((_name, index) => `f${index} STRING`).join(', '),
    options: {
      sep: delimiter,
      quote,
      escape: quote,
      charToEscapeQuoteEscaping: quote,
      lineSep: csv.recordEnd,
      multiLine: 'true',
      mode: 'FAILFAST',
      encoding: 'UTF-8',
      nullValue: '\u0000',
      emptyValue: '',
      ignoreLeadingWhiteSpace: 'false',
      ignoreTrailingWhiteSpace: 'false',
      maxColumns: '20480',
      // Names of files are names, not patterns.
      __globPaths__: 'false',
    },
    columns: [
      `CAST(regexp_extract(_metadata.file_name, '^part-([0-9]+)', 1) AS BIGINT) AS part`,
      `monotonically_increasing_id() % ${ROWS_A_PARTITION} AS ord`,
      ...reading.columns.flatMap((column, index) =>
        column.as === undefined ? [`${asNull(`f${csv.header.indexOf(column.name)}`, format)} AS r${index}`] : [],
      ),
    ],
    files: csv.files,
  };
}

/** Below the number of the partition, which is a file; `onePartitionAFile` sees to that. */
const ROWS_A_PARTITION = 2 ** 33;

/** Each file is a partition of its own: opening one counts as much as a partition may hold. */
export const onePartitionAFile = {
  'spark.sql.files.maxPartitionBytes': '134217728',
  'spark.sql.files.openCostInBytes': '134217728',
};

/** Spark tells a bare empty field, null, from a quoted one; other texts lost their quotes. */
function asNull(field: string, { null_values, quoted_nulls }: Pick<Format, 'null_values' | 'quoted_nulls'>): string {
  const texts = null_values.filter((text) => text !== '' || quoted_nulls);
  const given = null_values.includes('') ? field : `coalesce(${field}, '')`;
  return texts.length === 0
    ? given
    : `CASE WHEN ${field} IN (${texts.map(spark.literal).join(', ')}) THEN NULL ELSE ${given} END`;
}

/** Whether a file has to be looked through, and rewritten when it quotes a text that means null without quotes. */
export function mayQuoteNulls({ format }: ReadingSpec): boolean {
  return format.quote !== '' && !format.quoted_nulls && format.null_values.some((text) => text !== '');
}
