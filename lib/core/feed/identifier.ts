/** Columns that nightfeed adds to every table. */
export const metaColumns = ['_first_seen', '_last_changed', '_gone_since', '_loaded_at'] as const;

/** Columns that are the key of a table with `key: none`: the hash of a row, and a number from 1 that tells equal rows apart. */
export const ROW_HASH = '_row_hash';
export const COPY = '_copy';

/** Names that a feed cannot use for its own columns; the last two are added by the history table. */
export const reservedColumns: ReadonlySet<string> = new Set([...metaColumns, '_valid_from', '_valid_to']);

/** Columns that every table of PostgreSQL has of its own. Their names are case-sensitive. */
export const systemColumns: ReadonlySet<string> = new Set(['tableoid', 'xmin', 'cmin', 'xmax', 'cmax', 'ctid']);

/** PostgreSQL cuts longer names silently. */
const MAX_IDENTIFIER_BYTES = 63;

export function isIdentifier(name: string): boolean {
  const bytes = Buffer.byteLength(name);
  return bytes > 0 && bytes <= MAX_IDENTIFIER_BYTES && !/[\u0000-\u001f\u007f]/.test(name) && name.isWellFormed();
}

/** Gives the same text for names that differ only in case and blanks. */
export function lenientName(name: string): string {
  return name.replaceAll(/\s/g, '').toLowerCase();
}

/** An SQL identifier that is safe with any text, in every dialect that we write. */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** An SQL string literal that is safe with any text under standard_conforming_strings. */
export function quoteLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
