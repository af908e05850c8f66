import { RecordReader } from '../../../core/diff/read-record.ts';
import type { ReadingSpec } from '../../../core/feed/reading-spec.ts';
import { isNull, splitRecord } from '../../../core/records/fields.ts';
import { recordSyntaxOf } from '../../../core/records/record-syntax.ts';
import { type RejectCode, unreadable } from '../../../core/records/reject.ts';

interface Malformed {
  readonly code: RejectCode;
  readonly bytes: Buffer;
}

/** The key fields of a malformed record, by their place in the reading spec; null when fields cannot be told apart or are not UTF-8. */
export function keyFieldsOf(
  { code, bytes }: Malformed,
  { columns, format }: ReadingSpec,
  header: readonly string[],
): Map<number, string | null> | null {
  if (unreadable.has(code)) return null;
  const fields = splitRecord(bytes, recordSyntaxOf(format));
  // A format could not convert the record, which is one field then.
  if (fields.length !== header.length) return null;
  const found = new Map<number, string | null>();
  for (const [index, column] of columns.entries()) {
    if (!column.key || column.as !== undefined) continue;
    const field = fields[header.indexOf(column.name)];
    if (field === undefined || /[\u0000\ufffd\ufeff]/.test(field.text)) return null;
    found.set(index, isNull(field, format) ? null : field.text);
  }
  return found;
}

/** Tells whether the key of a malformed record can be read. The plan knows it too, but answers only with a count. */
export function readableKeys(reading: ReadingSpec): (record: Malformed, header: readonly string[]) => boolean {
  const reader = new RecordReader(reading);
  return (record, header) => {
    const found = keyFieldsOf(record, reading, header);
    if (found === null) return false;
    const fields = reading.columns.map((_column, index) => found.get(index) ?? null);
    return reader.read({ malformed: record.code, fields }).key !== undefined;
  };
}
