import { readFileSync } from 'node:fs';
import { deliveredColumnsOf, readingSpecOf } from '../../../lib/core/feed/reading-spec.ts';
import { isNull, splitRecord } from '../../../lib/core/records/fields.ts';
import { records } from '../../../lib/core/records/record-stream.ts';
import { recordSyntaxOf } from '../../../lib/core/records/record-syntax.ts';
import { StructuralScan, scanOptions } from '../../../lib/core/records/scan/scan.ts';
import { sql } from '../../../lib/formats/sql/descriptor.ts';
import type { SqlFormat } from '../../../lib/formats/sql/options.ts';
import { noLocalFile } from '../../support/formats/local-file.ts';
import { parseFeed } from '../../support/parse-feed.ts';

/** What a dump holds for a table with the column `id`, whatever other columns it has, or with these. */
export async function readDump(
  dump: string | Buffer,
  options: Record<string, unknown> = {},
  size = 1000,
  columns: object = oneColumn,
) {
  const format = JSON.stringify({ type: 'sql', ...options });
  const { tables } = parseFeed(
    `feed: lab
source: {folder: .}
tables: {t: {files: "*", format: ${format}, columns: ${JSON.stringify(columns)}, contract: {added: hold}}}
`,
    'feed.yaml',
  );
  const table = tables.t!;
  const reading = readingSpecOf(table);
  const bytes = Buffer.from(dump);
  const file = await sql.open({
    format: table.format as SqlFormat,
    bytes: pieces(bytes, size),
    localFile: noLocalFile,
    columns: deliveredColumnsOf(table),
    contract: table.contract,
    reading,
  });
  const found: Buffer[] = [];
  for await (const piece of file.text) found.push(piece);
  const data = Buffer.concat(found);
  const scan = new StructuralScan({ ...scanOptions(file.head, reading.format), faultOf: file.faultOf });
  scan.push(data);
  scan.finish();
  const syntax = recordSyntaxOf(reading.format);
  const rows: (string | null)[][] = [];
  for await (const record of records(pieces(data, data.length), syntax, '\n', file.head.header.length)) {
    const fields = splitRecord(Buffer.from(record.bytes), syntax);
    rows.push(fields.map((field) => (isNull(field, reading.format) ? null : field.text)));
  }
  const rejects = scan.takeRejects().map(({ index, code }) => [index, code]);
  const { notes } = file.end({ rows: scan.rows, endsBroken: false });
  return { header: file.head.header, rows, rejects, notes };
}

const oneColumn = { id: { type: 'text', key: true } };

/** A dump that a real program wrote. */
export function dumpNamed(name: string): Buffer {
  return readFileSync(new URL(`dumps/${name}.sql`, import.meta.url));
}

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
