import type { RecordSyntax } from './record-syntax.ts';
import type { RecordText } from './record-text.ts';

export interface Field {
  /** The text without its quotes; a doubled quote is a single one. */
  readonly text: string;
  readonly quoted: boolean;
}

/** Fields of a record that the structural scan did not reject, with or without its record end. Linear in its length. */
export function splitRecord(record: Buffer, dialect: RecordSyntax): Field[] {
  const end = contentEnd(record);
  const fields: Field[] = [];
  for (let at = 0; at <= end; ) {
    const quoted = at < end && record[at] === dialect.quote;
    const fieldEnd = quoted
      ? closingQuote(record, at, end, dialect.quote) + 1
      : plainEnd(record, at, end, dialect.delimiter);
    fields.push(
      quoted ? unquote(record, at, fieldEnd, dialect.quote) : { text: record.toString('utf8', at, fieldEnd), quoted },
    );
    at = fieldEnd + 1;
  }
  return fields;
}

/** Whether a field means null. */
export function isNull({ text, quoted }: Field, format: Pick<RecordText, 'null_values' | 'quoted_nulls'>): boolean {
  return (format.quoted_nulls === true || !quoted) && format.null_values.includes(text);
}

/** Offset of the record end, if the record has one. */
export function contentEnd(record: Buffer): number {
  let end = record.length;
  if (record[end - 1] === LF) end--;
  if (record[end - 1] === CR) end--;
  return end;
}

function plainEnd(record: Buffer, from: number, end: number, delimiter: number): number {
  let at = from;
  while (at < end && record[at] !== delimiter) at++;
  return at;
}

function closingQuote(record: Buffer, opening: number, end: number, quote: number): number {
  let at = opening + 1;
  while (at < end && (record[at] !== quote || record[at + 1] === quote)) at += record[at] === quote ? 2 : 1;
  return at;
}

function unquote(record: Buffer, opening: number, end: number, quote: number): Field {
  const text = record.toString('utf8', opening + 1, end - 1);
  const mark = String.fromCharCode(quote);
  return { text: text.includes(mark) ? text.replaceAll(mark + mark, mark) : text, quoted: true };
}

const LF = 10;
const CR = 13;
