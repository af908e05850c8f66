import type { DeliveredRecord } from '../../../lib/core/diff/row.ts';
import { type FeedFormat, formatKindOf } from '../../../lib/core/feed/descriptors/format-descriptor.ts';
import type { ReadingColumn, ReadingSpec } from '../../../lib/core/feed/reading-spec.ts';
import type { Binding } from '../../../lib/core/records/bind-header.ts';
import { isNull, splitRecord } from '../../../lib/core/records/fields.ts';
import { records } from '../../../lib/core/records/record-stream.ts';
import { recordSyntaxOf } from '../../../lib/core/records/record-syntax.ts';
import { unreadable } from '../../../lib/core/records/reject.ts';
import { StructuralScan, scanOptions } from '../../../lib/core/records/scan/scan.ts';
import type { FileFormat } from '../../../lib/ports/file-format.ts';
import { withLocalFile } from '../formats/local-file.ts';

/** A file's records as the oracle takes them: fields in the order of the reading spec's columns. */
export async function deliveredRecords(
  bytes: Buffer,
  reading: ReadingSpec,
  /** How a file's columns are found, in declared order. */
  binding: Binding & { readonly columns: readonly ReadingColumn[] },
  formats: readonly FileFormat[],
): Promise<DeliveredRecord[]> {
  const format = reading.delivered ?? ({ type: 'csv', ...reading.format } as FeedFormat);
  const content = chunk(bytes);
  const { head, data, faultOf } = await withLocalFile(content, async (localFile) => {
    const opened = { ...binding, format, bytes: content, localFile, reading };
    const file = await formatKindOf<FileFormat>(format, formats).open(opened);
    const pieces: Buffer[] = [];
    for await (const piece of file.text) pieces.push(piece);
    return { ...file, data: Buffer.concat(pieces) };
  });
  const dialect = recordSyntaxOf(reading.format);
  const scan = new StructuralScan({ ...scanOptions(head, reading.format), faultOf });
  scan.push(data);
  scan.finish();
  const malformed = new Map(scan.takeRejects().map((reject) => [reject.offset, reject.code]));
  const found: DeliveredRecord[] = [];
  for await (const record of records(chunk(data), dialect, head.recordEnd, head.header.length)) {
    const code = malformed.get(record.offset);
    if (code !== undefined && unreadable.has(code)) {
      found.push({ malformed: code, fields: null });
      continue;
    }
    const split = splitRecord(Buffer.from(record.bytes), dialect);
    if (code !== undefined && split.length !== head.header.length) {
      found.push({ malformed: code, fields: null });
      continue;
    }
    const values = reading.columns.map((column) => {
      if (column.as !== undefined) return null;
      const field = split[head.header.indexOf(column.name)];
      return field === undefined || isNull(field, reading.format) ? null : field.text;
    });
    if (code === undefined) found.push({ fields: values });
    else found.push({ malformed: code, fields: isKeySound(values, reading.columns) ? values : null });
  }
  return found;
}

async function* chunk(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

function isKeySound(values: readonly (string | null)[], columns: readonly ReadingColumn[]): boolean {
  return columns.every((column, index) => !column.key || !/[\u0000\ufffd\ufeff]/.test(values[index] ?? ''));
}
