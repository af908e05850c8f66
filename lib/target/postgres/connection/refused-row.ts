/** What PostgreSQL says of a row that a constraint refuses; its texts quote the row. */
export interface RefusedRow {
  readonly code: string;
  readonly detail?: string;
  readonly schema_name?: string;
  readonly table_name?: string;
  readonly column_name?: string;
  readonly constraint_name?: string;
}

export const UNIQUE_VIOLATION = '23505';
const FOREIGN_KEY_VIOLATION = '23503';
const EXCLUSION_VIOLATION = '23P01';

/** Constraint, table and columns by name, and never a value. */
export function describeRefusedRow(error: RefusedRow): string {
  const { schema_name: schema, table_name: table, column_name: column, constraint_name: constraint } = error;
  const key = keyOf(error);
  const parts = [
    ...(constraint ? [`constraint ${constraint}`] : []),
    ...(table ? [`table ${schema ? `${schema}.` : ''}${table}`] : []),
    ...(column ? [`column ${column}`] : []),
    ...(key ? [`key (${key})`] : []),
  ];
  return `PostgreSQL refused a row (${error.code})${parts.length > 0 ? `: ${parts.join(', ')}` : ''}`;
}

/** What to do about it; null where there is nothing to say that the names do not. */
export function adviceForRefusedRow(error: RefusedRow): string | null {
  const { schema_name: schema, table_name: table, constraint_name: name, code } = error;
  if (!name || !table) return null;
  const constraint = `${name} of ${schema ? `${schema}.` : ''}${table}`;
  if (code === UNIQUE_VIOLATION)
    return (
      `Everything was rolled back. Does the vendor send the value of ${constraint} twice, or does a row that is kept as gone hold it ` +
      '(then make it a unique index WHERE _gone_since IS NULL)? Rows that only exchange their values need a constraint that is UNIQUE … DEFERRABLE.'
    );
  if (code === FOREIGN_KEY_VIOLATION)
    return (
      `Everything was rolled back. Parents are written before children and deleted after them, so a row of ${constraint} is missing or still ` +
      'in use. Where tables refer to each other, make the foreign key DEFERRABLE.'
    );
  return `Everything was rolled back. Compare ${constraint} with what the vendor sends; a rule of the feed file can reject such rows before.`;
}

/** `Key (a, b)=(…)` in the server's language. Other errors have the whole row there. */
function keyOf({ code, detail = '' }: RefusedRow): string | undefined {
  if (![UNIQUE_VIOLATION, FOREIGN_KEY_VIOLATION, EXCLUSION_VIOLATION].includes(code)) return undefined;
  return /\((.+?)\)=\(/.exec(detail)?.[1];
}
