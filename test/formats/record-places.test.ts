import { describe, expect, test } from 'vitest';
import { formatKindOf, recordTextOf } from '../../lib/core/feed/descriptors/format-descriptor.ts';
import { deliveredColumnsOf, readingSpecOf } from '../../lib/core/feed/reading-spec.ts';
import type { RecordPlace } from '../../lib/core/records/record-place.ts';
import { records } from '../../lib/core/records/record-stream.ts';
import { recordSyntaxOf } from '../../lib/core/records/record-syntax.ts';
import { feedSchema } from '../../lib/feed-file/feed.ts';
import { formats } from '../../lib/formats/index.ts';
import { SentText } from '../../lib/formats/text/sent-text.ts';
import type { DeliveredFile, FileFormat } from '../../lib/ports/file-format.ts';
import { noLocalFile, withLocalFile } from '../support/formats/local-file.ts';
import { parquetOf } from '../support/formats/parquet.ts';
import { type PlacedForm, placedFile, placedForms } from './placed-forms.ts';

describe.each(Object.entries(placedForms))('%s', (_, form) => {
  test.each([1, 13, 4096])('tells where each record begins, in pieces of %i bytes', async (size) => {
    const file = placedFile(form, 300);
    const places = await placesOf(form, file.bytes, size);
    expect(places).toHaveLength(file.records.length);
    expect(places.map(({ line, byte }) => ({ line, byte }))).toEqual(
      file.records.map(({ line, byte }) => ({ line, byte })),
    );
  });

  test('finds a record at its place in what the vendor sent', async () => {
    const { bytes, records } = placedFile(form, 300);
    const { encode = Buffer.from } = form;
    const [place, { text }] = [(await placesOf(form, bytes, 1000))[199]!, records[199]!];
    const sent = encode(text);
    expect(bytes.subarray(place.byte, place.byte! + sent.length).equals(sent)).toBe(true);
  });
});

test('a place in a document has its path, and one in a dump its statement', async () => {
  const last = async (name: keyof typeof placedForms) => {
    const form = placedForms[name]!;
    return (await placesOf(form, placedFile(form, 300).bytes, 1000)).at(-1);
  };
  expect(await last('a JSON document')).toMatchObject({ path: '$[299]' });
  expect(await last('a JSON document in which the records stand deeper')).toMatchObject({
    path: '$.all["my items"][299]',
  });
  expect(await last('a dump of MySQL')).toMatchObject({ statement: 102 });
});

test('so much may come behind a byte that it is forgotten, and only then', () => {
  const text = new SentText({ encoding: 'utf-16le' });
  const line = Buffer.from(`${'x'.repeat(99)}\n`, 'utf16le');
  const sent = Buffer.alloc(200 * 5000, line);
  const asText = Buffer.alloc(100 * 5000, line.toString('utf16le'));
  for (let mb = 0; mb < 10; mb++) text.see(sent, asText);
  expect(text.placeOf(100)).toEqual({ line: 2, byte: 200 });
  for (let mb = 0; mb < 50; mb++) text.see(sent, asText);
  expect(text.placeOf(200)).toBeUndefined();
  expect(text.placeOf(100 * 5000 * 59 + 300)).toEqual({ line: 5000 * 59 + 4, byte: 200 * 5000 * 59 + 600 });
});

test('a place in a Parquet file is its row group and row', async () => {
  const bytes = await parquetOf("SELECT i::VARCHAR AS id, 'x' AS name FROM range(7000) t(i)", 'ROW_GROUP_SIZE 2048');
  const places = await withLocalFile(pieces(bytes, 1000), (localFile) =>
    placesIn({ type: 'parquet' }, pieces(bytes, 1000), localFile),
  );
  expect([0, 2047, 2048, 4095, 4096, 6999].map((index) => places[index])).toEqual([
    { row_group: 1, row: 1 },
    { row_group: 1, row: 2048 },
    { row_group: 2, row: 2049 },
    { row_group: 2, row: 4096 },
    { row_group: 3, row: 4097 },
    { row_group: 4, row: 7000 },
  ]);
});

function placesOf({ format }: PlacedForm, bytes: Buffer, size: number): Promise<RecordPlace[]> {
  return placesIn(format, pieces(bytes, size), noLocalFile);
}

async function placesIn(
  options: object,
  bytes: AsyncIterable<Buffer>,
  localFile: DeliveredFile<unknown>['localFile'],
): Promise<RecordPlace[]> {
  const { t } = feedSchema.parse({
    feed: 'lab',
    source: { folder: '.' },
    tables: { t: { files: '*', format: options, columns: { id: { type: 'text', key: true }, name: 'text' } } },
  }).tables;
  const { format, contract } = t!;
  const kind = formatKindOf<FileFormat>(format, formats);
  const { text, head, places } = await kind.open({
    format,
    bytes,
    localFile,
    columns: deliveredColumnsOf(t!),
    contract,
    reading: readingSpecOf(t!),
    proof: () => 'the test',
    isPlaced: true,
  });
  const found: RecordPlace[] = [];
  const syntax = recordSyntaxOf(recordTextOf(format));
  for await (const { index, offset } of records(text, syntax, head.recordEnd, head.header.length)) {
    places!.to(index, offset);
    found.push(places!.place!);
  }
  return found;
}

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
