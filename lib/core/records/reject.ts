/**
 * Why a row was rejected. The first group is found by the structural scan, `SYNTAX` by a format that could not convert the record;
 * the second by type, `CAST` in an expression; the third by the table.
 */
const rejectCodes = [
  'FIELD_COUNT',
  'QUOTE',
  'INVALID_UTF8',
  'NUL_BYTE',
  'BOM_INSIDE',
  'CONTROL_CHARACTER',
  'BLANK_RECORD',
  'SYNTAX',

  'FORMAT',
  'OVERFLOW',
  'SCALE',
  'NOT_A_NUMBER',
  'DATE',
  'DATE_AMBIGUOUS',
  'DATE_RANGE',
  'TIME',
  'CAST',

  'KEY_MISSING',
  'KEY_TOO_LONG',
  'REQUIRED',
  'DUP_KEY',
  'DUP_ROW',

  'TOO_SMALL',
  'TOO_LARGE',
  'PATTERN',
  'NOT_ALLOWED',
  'CHECK',
  'NOT_UNIQUE',
  'NO_REFERENCE',
] as const;

export type RejectCode = (typeof rejectCodes)[number];

/**
 * Rejects whose fields cannot be told apart for sure. Nobody knows which key they meant, so the table's deletes are
 * suspended for the night; a quoting fault may even have swallowed its neighbours.
 */
export const unreadable: ReadonlySet<RejectCode> = new Set([
  'FIELD_COUNT',
  'QUOTE',
  'BLANK_RECORD',
  'SYNTAX',
  'KEY_MISSING',
]);
