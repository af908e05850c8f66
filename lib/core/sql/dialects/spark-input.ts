/** Files that become a view. */
export interface SparkInput {
  readonly name: string;
  readonly format: 'csv' | 'json' | 'parquet';
  readonly schema?: string;
  readonly options: Readonly<Record<string, string>>;
  /** Expressions over the file's own. */
  readonly columns: readonly string[];
  readonly files: readonly string[];
}
