import { shownText } from '../../shown-text.ts';

/**
 * CSV that a spreadsheet opens as the text that it is, however hostile: with a byte order mark, because Excel guesses
 * Windows-1252 without one; every field in quotes; nothing that starts a formula; no control character, no direction mark.
 */
export const spreadsheetStart = '\ufeff';

export function spreadsheetLine(fields: readonly (string | number | null)[]): string {
  return `${fields.map((field) => `"${cell(field).replaceAll('"', '""')}"`).join(',')}\r\n`;
}

/** A cell of Excel takes 32,767 characters. */
const MAX_CELL = 32_000;

function cell(field: string | number | null): string {
  if (field === null) return '';
  const short = shownText(String(field), MAX_CELL);
  // Also after blanks, and in the wide forms that some spreadsheets take for the same.
  return /^\s*[=+\-@|%\uff0b\uff0d\uff1d\uff20]/.test(short) && typeof field === 'string' ? `'${short}` : short;
}
