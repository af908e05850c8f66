import type { DeliveredRecord } from '../../../lib/core/diff/row.ts';
import type { ReadingColumn, ReadingSpec } from '../../../lib/core/feed/reading-spec.ts';
import type { Contract } from '../../../lib/core/feed/spec.ts';
import { isNull, splitRecord } from '../../../lib/core/records/fields.ts';
import { readHead } from '../../../lib/core/records/header/head.ts';
import { records } from '../../../lib/core/records/record-stream.ts';
import { recordSyntaxOf } from '../../../lib/core/records/record-syntax.ts';
import { unreadable } from '../../../lib/core/records/reject.ts';
import { StructuralScan, scanOptions } from '../../../lib/core/records/scan.ts';
import { Prepared } from '../../../lib/formats/csv/prepared.ts';

/** A file's records as the oracle takes them: fields in the order of the reading spec's columns. */
export async function deliveredRecords(
  bytes: Buffer,
  reading: ReadingSpec,
  /** Of the file, in declared order. */
  delivered: readonly ReadingColumn[],
  contract: Contract,
): Promise<DeliveredRecord[]> {
  const whole = await prepare(bytes, reading);
  const head = readHead(whole, true, reading.format, delivered, contract);
  if (head === 'more') throw new Error('the head is not whole');
  const data = whole.subarray(head.length);
  const dialect = recordSyntaxOf(reading.format);
  const scan = new StructuralScan(scanOptions(head, reading.format));
  scan.push(data);
  scan.finish();
  const broken = new Map(scan.takeRejects().map((reject) => [reject.offset, reject.code]));
  const found: DeliveredRecord[] = [];
  for await (const record of records(chunk(data), dialect, head.recordEnd, head.header.length)) {
    const code = broken.get(record.offset);
    if (code !== undefined && unreadable.has(code)) {
      found.push({ broken: code, fields: null });
      continue;
    }
    const split = splitRecord(Buffer.from(record.bytes), dialect);
    const values = reading.columns.map((column) => {
      if (column.as !== undefined) return null;
      const field = split[head.header.indexOf(column.name)]!;
      return isNull(field, reading.format) ? null : field.text;
    });
    if (code === undefined) found.push({ fields: values });
    else found.push({ broken: code, fields: isKeySound(values, reading.columns) ? values : null });
  }
  return found;
}

async function prepare(bytes: Buffer, { format }: ReadingSpec): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of new Prepared(format).bytes(chunk(bytes))) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function* chunk(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

function isKeySound(values: readonly (string | null)[], columns: readonly ReadingColumn[]): boolean {
  return columns.every((column, index) => !column.key || !/[\u0000\ufffd\ufeff]/.test(values[index] ?? ''));
}
