/**
 * How the records of landing are written: without a header, in UTF-8, a quote within a quoted field doubled. It is all that
 * anything behind landing knows of a format.
 */
export interface RecordText {
  /** One ASCII character. */
  readonly delimiter: string;
  /** One ASCII character, or '' for none. */
  readonly quote: string;
  /** Unquoted fields that mean null. */
  readonly null_values: readonly string[];
  /** true: quoted ones too. */
  readonly quoted_nulls?: boolean | undefined;
  /** true: records with control characters other than tab and line ends are rejected. */
  readonly reject_control_characters?: boolean | undefined;
}

/** What a format that is no such text is converted to: null is an empty field, an empty text is quoted. Records end with LF. */
export const convertedText = { delimiter: ',', quote: '"', null_values: [''], quoted_nulls: false } as const;

/** A record of `convertedText` with its end. */
export function convertedRecord(fields: readonly (string | null)[]): string {
  return `${fields.map((field) => (field === null ? '' : needsQuotes.test(field) ? quoted(field) : field)).join(',')}\n`;
}

/** A byte order mark that begins a file would be taken off. */
const needsQuotes = /^$|[",\r\n\ufeff]/;

function quoted(field: string): string {
  return `"${field.replaceAll('"', '""')}"`;
}
