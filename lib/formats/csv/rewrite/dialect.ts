import { escapeLetters, isNamedEscape } from '../escapes.ts';
import type { CsvFormat } from '../options.ts';

/** How delimited text is written that record text cannot say, as bytes. */
export interface Dialect {
  readonly delimiter: Buffer;
  /** undefined: LF, CRLF or CR, whatever ends the first record. */
  readonly recordEnd: Buffer | undefined;
  readonly allowsMixedEnds: boolean;
  /** -1: none. */
  readonly quote: number;
  readonly isLazy: boolean;
  readonly blanks: readonly number[];
  readonly takesBlanks: boolean;
  /** -1: none. */
  readonly escapeSign: number;
  /** For a byte after the escape, the byte that both mean; -1 where they mean nothing. */
  readonly escaped: Int16Array;
  /** Fields as they stand in the file. */
  readonly nulls: readonly Buffer[];
  readonly hasQuotedNulls: boolean;
  readonly comment: Buffer | undefined;
  /** A record that ends the data. */
  readonly endOfData: Buffer | undefined;
}

export function dialectOf(format: CsvFormat): Dialect {
  const { delimiter, quote, record_end, escape: escaping, null_values, comment } = format;
  return {
    delimiter: Buffer.from(delimiter),
    recordEnd: record_end === undefined ? undefined : Buffer.from(record_end),
    allowsMixedEnds: format.allow_mixed_record_ends === true,
    quote: quote === '' ? -1 : quote.charCodeAt(0),
    isLazy: format.quotes === 'lazy',
    blanks: BLANKS.filter((blank) => blank !== delimiter.charCodeAt(0)),
    takesBlanks: format.blanks_around_quotes === true,
    escapeSign: escaping === undefined ? -1 : isNamedEscape(escaping) ? BACKSLASH : escaping.charCodeAt(0),
    escaped: escapedBytes(format),
    nulls: null_values.map((text) => Buffer.from(text)),
    hasQuotedNulls: format.quoted_nulls === true,
    comment: comment === undefined ? undefined : Buffer.from(comment),
    endOfData: escaping === 'copy' ? Buffer.from('\\.') : undefined,
  };
}

/** An escape makes text of a byte that means more without it; in some dialects letters mean control characters. */
function escapedBytes({ delimiter, quote, record_end = '', escape: escaping }: CsvFormat): Int16Array {
  const escaped = new Int16Array(256).fill(-1);
  if (escaping === undefined) return escaped;
  const sign = isNamedEscape(escaping) ? '\\' : escaping;
  for (const text of [sign, quote, delimiter, record_end, '\r', '\n']) {
    const [byte] = Buffer.from(text);
    if (byte !== undefined) escaped[byte] = byte;
  }
  if (!isNamedEscape(escaping)) return escaped;
  for (const [letter, meaning] of Object.entries(escapeLetters[escaping]))
    escaped[letter.charCodeAt(0)] = meaning.charCodeAt(0);
  return escaped;
}

const BLANKS = [9, 32];
const BACKSLASH = 92;
