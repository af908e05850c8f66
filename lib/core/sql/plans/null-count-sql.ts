/** One row over a relation: `rows`, and how many have null in each column, under that column's other name. */
export function nullCountSql(columns: readonly { readonly c: string; readonly sql: string }[], rows: string): string {
  return `SELECT ${['count(*) AS rows', ...columns.map(({ c, sql }) => `count(*) - count(${sql}) AS ${c}`)].join(', ')} FROM ${rows}`;
}
