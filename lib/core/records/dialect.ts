import type { Format } from '../feed/spec.ts';

/** How fields are told apart, as byte values. */
export interface Dialect {
  readonly delimiter: number;
  /** -1: no quoting. A quote within a quoted field is doubled (RFC 4180). */
  readonly quote: number;
}

export function dialectOf(format: Pick<Format, 'delimiter' | 'quote'>): Dialect {
  return {
    delimiter: format.delimiter.charCodeAt(0),
    quote: format.quote === '' ? -1 : format.quote.charCodeAt(0),
  };
}
