import { SAMPLE_CHARACTERS, SAMPLE_ROWS } from '../../diff/samples.ts';
import type { Column } from '../../feed/spec.ts';
import type { SqlDialect } from '../dialects/dialect.ts';

interface Sampled {
  readonly columns: readonly Column[];
  /** A relation with the columns `b_c0…` and `n_c0…`, and the condition of the sample. */
  readonly rows: string;
  readonly keySide: 'b' | 'n';
}

/** The rows with the smallest keys, both versions as text: few, and always the same ones. */
export function sampleSql(sql: SqlDialect, { columns, rows, keySide }: Sampled): string {
  // One character more than is shown tells that a text was cut.
  const text = (side: 'b' | 'n') =>
    columns.map(
      (_column, index) => `substr(${sql.text(`${side}_c${index}`)}, 1, ${SAMPLE_CHARACTERS + 1}) AS ${side}${index}`,
    );
  const key = columns.flatMap((column, index) => (column.key ? [`${keySide}_c${index}`] : []));
  return `SELECT ${[...text('b'), ...text('n')].join(', ')} FROM ${rows} ORDER BY ${key.join(', ')} LIMIT ${SAMPLE_ROWS}`;
}

/** Rows in which a column became null or stopped being null. */
export function nullSampleSql(sql: SqlDialect, columns: readonly Column[], index: number, toNull: boolean): string {
  const [n, b] = [`n_c${index}`, `b_c${index}`];
  const rows = toNull
    ? `changed WHERE in_next = 1 AND ${n} IS NULL AND (in_base IS NULL OR ${b} IS NOT NULL)`
    : `changed WHERE in_next = 1 AND in_base = 1 AND ${n} IS NOT NULL AND ${b} IS NULL`;
  return sampleSql(sql, { columns, rows, keySide: 'n' });
}
