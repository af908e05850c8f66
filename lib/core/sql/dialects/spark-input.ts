/** Files that Spark reads as a view. */
export interface SparkInput {
  readonly name: string;
  readonly format: 'csv' | 'json' | 'parquet';
  readonly schema?: string;
  readonly options: Readonly<Record<string, string>>;
  /** Columns as expressions over the file's columns. */
  readonly columns: readonly string[];
  readonly files: readonly string[];
}
