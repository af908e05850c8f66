import type { ReadingSpec } from '../../../feed/reading-spec.ts';
import type { Column } from '../../../feed/spec.ts';
import { noRecords } from '../../dialects/read-csv.ts';
import { readCsvSpark, type SparkCsv } from '../../dialects/read-csv-spark.ts';
import { spark } from '../../dialects/spark.ts';
import type { SparkInput } from '../../dialects/spark-input.ts';
import { baseRowsSql } from '../base-rows.ts';

/** A snapshot as files that Spark can open. */
export interface SparkSnapshot {
  readonly reading: ReadingSpec;
  readonly csv: readonly SparkCsv[];
  readonly carried: string | null;
  /** Columns of the carried rows, when they are not those of the reading spec. */
  readonly carriedColumns?: readonly string[] | undefined;
}

/** The inputs, under names that begin with `name`, and the query of typed rows over them. */
export function snapshotSpark(
  name: string,
  columns: readonly Column[],
  { reading, csv, carried, carriedColumns }: SparkSnapshot,
): { readonly inputs: readonly SparkInput[]; readonly rows: string } {
  const records = csv.map((files, index) => readCsvSpark(`${name}_csv_${index}`, files, reading));
  const relation = `${name}_carried`;
  const kept = carried && { relation, names: carriedColumns ?? reading.columns.map((column) => column.name) };
  return {
    inputs: [...records, ...(carried === null ? [] : [carriedInput(relation, carried)])],
    rows: baseRowsSql(spark, columns, reading, `(${recordsSpark(records, reading)})`, kept || null),
  };
}

export function recordsSpark(inputs: readonly SparkInput[], reading: ReadingSpec): string {
  if (inputs.length === 0) return noRecords(reading, spark);
  return inputs.map(({ name }) => `SELECT * FROM ${name}`).join('\nUNION ALL ');
}

function carriedInput(name: string, file: string): SparkInput {
  return { name, format: 'parquet', options: { __globPaths__: 'false' }, columns: ['*'], files: [file] };
}
