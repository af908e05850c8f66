import type { RecordText } from './record-text.ts';

/** The bytes that separate and quote fields. */
export interface RecordSyntax {
  readonly delimiter: number;
  /** -1: no quoting. A quote within a quoted field is doubled (RFC 4180). */
  readonly quote: number;
}

export function recordSyntaxOf(format: Pick<RecordText, 'delimiter' | 'quote'>): RecordSyntax {
  return {
    delimiter: format.delimiter.charCodeAt(0),
    quote: format.quote === '' ? -1 : format.quote.charCodeAt(0),
  };
}
