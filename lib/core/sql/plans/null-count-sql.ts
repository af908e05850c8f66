/** One row about a relation: `rows`, and for each column the number of nulls, under the column's second name. */
export function nullCountSql(columns: readonly { readonly c: string; readonly sql: string }[], rows: string): string {
  return `SELECT ${['count(*) AS rows', ...columns.map(({ c, sql }) => `count(*) - count(${sql}) AS ${c}`)].join(', ')} FROM ${rows}`;
}
