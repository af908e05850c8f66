import { deliveredColumnsOf, readingSpecOf } from '../../../lib/core/feed/reading-spec.ts';
import { feedSchema } from '../../../lib/core/feed/spec.ts';
import { isNull, splitRecord } from '../../../lib/core/records/fields.ts';
import { records } from '../../../lib/core/records/record-stream.ts';
import { recordSyntaxOf } from '../../../lib/core/records/record-syntax.ts';
import { StructuralScan, scanOptions } from '../../../lib/core/records/scan/scan.ts';
import { engines } from '../../../lib/engines/index.ts';
import { csv } from '../../../lib/formats/csv/descriptor.ts';
import type { CsvFormat } from '../../../lib/formats/csv/options.ts';
import { sources } from '../../../lib/sources/index.ts';

/** What landing makes of a file: its rows, the codes of its rejects by the record's number from 0, and its notes. */
export interface Read {
  readonly rows: (string | null)[][];
  readonly rejects: Record<number, string>;
  readonly notes: readonly string[];
}

/** Reads a file of text columns with these options of `format`, in pieces of these sizes over and over. */
export async function readDelimited(
  format: Record<string, unknown>,
  bytes: Buffer,
  columns: readonly string[],
  sizes: readonly number[] = [],
): Promise<Read> {
  const table = feedSchema({ sources, formats: [csv], engines, notifiers: [] }).parse({
    feed: 'lab',
    source: { folder: '.' },
    tables: { t: { files: '*', format, columns: Object.fromEntries(columns.map((name, at) => [name, typeOf(at)])) } },
  }).tables.t!;
  const reading = readingSpecOf(table);
  const file = await csv.open({
    format: table.format as CsvFormat,
    bytes: pieces(bytes, sizes),
    localFile: () => Promise.reject(new Error('delimited text is read as it comes')),
    columns: deliveredColumnsOf(table),
    contract: table.contract,
    reading,
  });
  const text: Buffer[] = [];
  const scan = new StructuralScan({
    ...scanOptions(file.head, reading.format),
    guard: file.guard,
    faultOf: file.faultOf,
  });
  try {
    for await (const piece of file.text) {
      text.push(Buffer.from(piece));
      scan.push(text.at(-1)!);
    }
    scan.finish();
  } catch (thrown) {
    throw file.explained?.(thrown) ?? thrown;
  }
  const syntax = recordSyntaxOf(reading.format);
  const { recordEnd, header } = file.head;
  const rejects = Object.fromEntries(scan.takeRejects().map(({ index, code }) => [index, code]));
  const rows: (string | null)[][] = [];
  for await (const record of records(pieces(Buffer.concat(text), []), syntax, recordEnd, header.length)) {
    if (rejects[record.index] !== undefined) continue;
    const fields = splitRecord(Buffer.from(record.bytes), syntax);
    rows.push(fields.map((field) => (isNull(field, reading.format) ? null : field.text)));
  }
  return { rows, rejects, notes: [...file.end(scan).notes, ...file.head.notes] };
}

const typeOf = (at: number) => (at === 0 ? { type: 'text', key: true } : 'text');

async function* pieces(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Buffer> {
  for (let at = 0, index = 0; at < bytes.length; index++) {
    const size = sizes[index % sizes.length] ?? bytes.length;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}
