/**
 * CSV that a spreadsheet opens as the text that it is, however hostile: with a byte order mark, because Excel guesses
 * Windows-1252 without one; every field in quotes; nothing that starts a formula; no control character, no direction mark.
 */
export const spreadsheetStart = '\ufeff';

export function spreadsheetLine(fields: readonly (string | number | null)[]): string {
  return `${fields.map((field) => `"${cell(field).replaceAll('"', '""')}"`).join(',')}\r\n`;
}

/** A cell of Excel takes 32,767 characters; an escape makes up to ten of one. */
const MAX_CELL = 32_000;

function cell(field: string | number | null): string {
  if (field === null) return '';
  const text = visible(String(field));
  const short = text.length > MAX_CELL ? `${text.slice(0, MAX_CELL)}…` : text;
  // Also after blanks, and in the wide forms that some spreadsheets take for the same.
  return /^\s*[=+\-@|%\uff0b\uff0d\uff1d\uff20]/.test(short) && typeof field === 'string' ? `'${short}` : short;
}

/** Text from outside with every character that a terminal or a spreadsheet would obey written out, such as `\n` or `\u{1b}`. */
export function visible(text: string): string {
  return text.replace(/[^\x20-\x7e\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}]/gu, (character) => {
    const known = short[character];
    return known ?? `\\u{${character.codePointAt(0)!.toString(16)}}`;
  });
}

const short: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
