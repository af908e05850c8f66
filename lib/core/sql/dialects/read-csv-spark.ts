import type { ReadingSpec } from '../../feed/reading-spec.ts';
import { convertedText, type RecordText } from '../../records/record-text.ts';
import type { RecordEnd } from '../../run/file-parts.ts';
import { spark } from './spark.ts';
import type { SparkInput } from './spark-input.ts';

/** Files that one reader can read. The name of each has a number, `part-00003.csv.zst`, from which its part follows. */
export interface SparkCsv {
  readonly files: readonly string[];
  /** The part less the number in the name. Not 0 for members of an archive: their order is known after they landed. */
  readonly offset: number;
  /** Column names in file order. */
  readonly header: readonly string[];
  readonly recordEnd: RecordEnd;
  /** They are in `convertedText`, not as the vendor wrote them. */
  readonly rewritten: boolean;
}

/**
 * Records as `part, ord, r0…`, like `readCsvDuckdb`. Left to itself, Spark guesses the record end, takes a backslash for an
 * escape, trims, and turns values that do not fit into null. No record holds a NUL, so NUL as the null value never matches.
 */
export function readCsvSpark(name: string, csv: SparkCsv, reading: ReadingSpec): SparkInput {
  const format = csv.rewritten ? convertedText : reading.format;
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
      // File names must not be read as patterns.
      __globPaths__: 'false',
    },
    columns: [
      `CAST(regexp_extract(_metadata.file_name, '^part-([0-9]+)', 1) AS BIGINT)${csv.offset === 0 ? '' : ` + ${csv.offset}`} AS part`,
      `monotonically_increasing_id() % ${ROWS_A_PARTITION} AS ord`,
      ...reading.columns.flatMap((column, index) =>
        column.as === undefined ? [`${fieldOf(csv.header.indexOf(column.name), format)} AS r${index}`] : [],
      ),
    ],
    files: csv.files,
  };
}

/** The bits below the number of the partition, which is a file by `onePartitionAFile`. */
const ROWS_A_PARTITION = 2 ** 33;

/** Makes each file a partition: the cost of opening a file equals the size of a partition. */
export const onePartitionAFile = {
  'spark.sql.files.maxPartitionBytes': '134217728',
  'spark.sql.files.openCostInBytes': '134217728',
};

/** Spark tells an unquoted empty field, null, from a quoted one. It does not know whether other texts were quoted. */
/** A file may lack a column. */
function fieldOf(at: number, format: RecordText): string {
  return at < 0 ? 'CAST(NULL AS STRING)' : asNull(`f${at}`, format);
}

function asNull(
  field: string,
  { null_values, quoted_nulls }: Pick<RecordText, 'null_values' | 'quoted_nulls'>,
): string {
  const texts = null_values.filter((text) => text !== '' || quoted_nulls);
  const given = null_values.includes('') ? field : `coalesce(${field}, '')`;
  return texts.length === 0
    ? given
    : `CASE WHEN ${field} IN (${texts.map(spark.literal).join(', ')}) THEN NULL ELSE ${given} END`;
}

/** Whether a file may quote a text that means null without quotes. It then has to be searched, and rewritten if it does. */
export function mayQuoteNulls({ format }: ReadingSpec): boolean {
  return format.quote !== '' && !format.quoted_nulls && format.null_values.some((text) => text !== '');
}
