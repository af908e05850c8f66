import type { DeliveredRecord } from '../../lib/core/diff/oracle.ts';
import type { ReadingSpec } from '../../lib/core/feed/reading-spec.ts';
import type { Column } from '../../lib/core/feed/spec.ts';
import { dialectOf } from '../../lib/core/records/dialect.ts';
import { splitRecord } from '../../lib/core/records/fields.ts';
import { readHead } from '../../lib/core/records/head.ts';
import { records } from '../../lib/core/records/record-stream.ts';
import { unreadable } from '../../lib/core/records/reject.ts';
import { StructuralScan } from '../../lib/core/records/scan.ts';

/** A file's records as the oracle takes them: fields in the order of the columns. */
export async function deliveredRecords(
  bytes: Buffer,
  reading: ReadingSpec,
  columns: readonly Column[],
): Promise<DeliveredRecord[]> {
  const head = readHead(bytes, true, reading.format, columns);
  if (head === 'more') throw new Error('the head is not whole');
  const data = bytes.subarray(head.length);
  const dialect = dialectOf(reading.format);
  const fields = head.header.length;
  const scan = new StructuralScan({ dialect, recordEnd: head.recordEnd, fields });
  scan.push(data);
  scan.finish();
  const broken = new Map(scan.takeRejects().map((reject) => [reject.offset, reject.code]));
  const found: DeliveredRecord[] = [];
  async function* whole() {
    yield data;
  }
  for await (const record of records(whole(), dialect, head.recordEnd, fields)) {
    const code = broken.get(record.offset);
    if (code !== undefined && unreadable.has(code)) {
      found.push({ broken: code, fields: null });
      continue;
    }
    const split = splitRecord(Buffer.from(record.bytes), dialect);
    const values = columns.map((column) => {
      const field = split[head.header.indexOf(column.name)]!;
      return !field.quoted && reading.format.null_values.includes(field.text) ? null : field.text;
    });
    if (code === undefined) found.push({ fields: values });
    else found.push({ broken: code, fields: isKeySound(values, columns) ? values : null });
  }
  return found;
}

function isKeySound(values: readonly (string | null)[], columns: readonly Column[]): boolean {
  return columns.every((column, index) => !column.key || !/[\u0000\ufffd\ufeff]/.test(values[index] ?? ''));
}
