interface RejectKind {
  /** For people; docs/reject-codes.md shows it. */
  readonly meaning: string;
  /** The fields cannot be told apart for sure, so nobody knows the row's key. */
  readonly hidesKey?: true;
}

/** Why a record cannot become a row. Found by the structural scan; `SYNTAX` by a format that could not convert the record. */
const structure = {
  FIELD_COUNT: { meaning: 'The record has more or fewer fields than the delivery has columns.', hidesKey: true },
  QUOTE: {
    meaning:
      'A quote stands within an unquoted field, or text stands behind a closing quote. `quotes: lazy` takes a quote as text where only one reading is possible, `escape` one behind a backslash, and `blanks_around_quotes` blanks beside it.',
    hidesKey: true,
  },
  INVALID_UTF8: { meaning: 'Its bytes are not UTF-8, or not text in the declared encoding.' },
  NUL_BYTE: { meaning: 'It has a NUL byte, or a JSON value has `\\u0000`. PostgreSQL cannot store it.' },
  BOM_INSIDE: { meaning: 'It starts with a byte order mark, as if one file had been appended to another.' },
  CONTROL_CHARACTER: { meaning: 'It has a control character, and the format says `reject_control_characters`.' },
  BLANK_RECORD: { meaning: 'The line of a file with one column is blank, and more records follow.', hidesKey: true },
  RECORD_LENGTH: {
    meaning: 'The record of fixed width is shorter or longer than declared, or a line end stands within it.',
    hidesKey: true,
  },
  TAB: {
    meaning:
      'The record of fixed width has a tab, which mostly stands for blanks: what follows has moved. See `allow_tabs`.',
    hidesKey: true,
  },
  JSON_STRING: {
    meaning:
      'A JSON string stands for a column of type json or jsonb, and nobody can tell whether it is the value or holds JSON. See `json_strings`.',
  },
  SYNTAX: {
    meaning:
      'The format could not read the record, such as a line that is not JSON, or one with an escape that means nothing.',
    hidesKey: true,
  },
} as const satisfies Record<string, RejectKind>;

/** Found by reading a field as its type; `CAST` by an expression. */
const value = {
  FORMAT: {
    meaning:
      'A value is not written as its type, or as the options of its column say: `7.6` for an integer, `1,5` for a decimal, `99.90` beside `decimal: ","`, `yes` for a boolean.',
  },
  OVERFLOW: {
    meaning:
      "A number is out of its type's range, has more digits before the point, or is so near to 0 that a `real` or a `double` cannot tell it from 0.",
  },
  LENGTH: { meaning: 'A text has more characters than its type `varchar(n)` allows.' },
  SCALE: {
    meaning:
      'A number has more decimal places than its type, a time more than six, or a number of a jsonb more than 400.',
  },
  NOT_A_NUMBER: { meaning: 'A number is `NaN` or infinite.' },
  DATE: { meaning: 'A date does not exist, is no such weekday, or is not written as `date_format` or `epoch` says.' },
  DATE_AMBIGUOUS: { meaning: 'A date such as `01/02/2023` could be two days, and the column has no `date_format`.' },
  DATE_RANGE: { meaning: 'The year is before 1000 or after 9999.' },
  TIME: {
    meaning:
      'A time does not exist, such as `24:00:00`, or `02:30` in a night in which the clocks of the `timezone` skip it; or it has a zone where the type has none, or none where it needs one; or a `time` is not written as `date_format` says.',
  },
  TIME_AMBIGUOUS: {
    meaning:
      'The clocks of the `timezone` show the time twice, because summer time ends, and the column has no `double`.',
  },
  DUP_NAME: {
    meaning: 'An object of a jsonb has a name twice, of which jsonb would keep one value and lose the other.',
  },
  TOO_DEEP: { meaning: 'A jsonb has more than 200 lists and objects within one another.' },
  ENUM: { meaning: 'A value is not among the `values` of its enum.' },
  CAST: { meaning: 'A `cast` in an expression of the feed file does not fit the value.' },
} as const satisfies Record<string, RejectKind>;

/** Found by comparing the rows of the table. */
const table = {
  KEY_MISSING: { meaning: 'A column of the key is empty.', hidesKey: true },
  KEY_TOO_LONG: { meaning: 'The key has more than 2,600 bytes, which no index of PostgreSQL takes.' },
  REQUIRED: { meaning: 'A `required` column is null.' },
  DUP_KEY: { meaning: 'Several rows have the same key and other values. None of them goes in.' },
  DUP_ROW: { meaning: 'The row repeats another one. One of them goes in.' },
  NEWER_REJECTED: {
    meaning:
      'With `collapse`: the newest version of its key is rejected, or may be; or production has a newer one, and a record whose key cannot be read may have brought it. No older version goes in.',
  },
} as const satisfies Record<string, RejectKind>;

/** Found by the feed file's rules. */
const rule = {
  TOO_SMALL: { meaning: 'A value is below `min`.' },
  TOO_LARGE: { meaning: 'A value is above `max`.' },
  PATTERN: { meaning: 'A value does not match `pattern`.' },
  NOT_ALLOWED: { meaning: 'A value is not among those in `in`.' },
  CHECK: { meaning: 'A `check` of the table is false.' },
  NOT_UNIQUE: { meaning: 'Another row has the same values in the columns of `unique`.' },
  NO_REFERENCE: { meaning: 'The table that `references` names has no row with this value.' },
} as const satisfies Record<string, RejectKind>;

/** Every reason for a reject, by where it is found. The codes are a contract with the quarantine, its reports and `--json`. */
export const rejectKinds = { structure, value, table, rule };

/** Code of a record that is left out because a newer version of its key came with it (`collapse`). It is no reject. */
export const OLDER = 'OLDER';

export type RejectCode = keyof typeof structure | keyof typeof value | keyof typeof table | keyof typeof rule;

/**
 * Rejects whose fields cannot be told apart for sure. Nobody knows which key they meant, so the table's deletes are
 * suspended for the night; a quoting fault may even have swallowed its neighbours.
 */
export const unreadable: ReadonlySet<RejectCode> = new Set(
  Object.values(rejectKinds)
    .flatMap((kinds) => Object.entries<RejectKind>(kinds))
    .flatMap(([code, { hidesKey }]) => (hidesKey ? [code as RejectCode] : [])),
);
