import { describe, expect, test } from 'vitest';
import { formatKindOf, recordTextOf } from '../../../lib/core/feed/descriptors/format-descriptor.ts';
import { deliveredColumnsOf, readingSpecOf } from '../../../lib/core/feed/reading-spec.ts';
import type { Table } from '../../../lib/core/feed/spec.ts';
import { records } from '../../../lib/core/records/record-stream.ts';
import { recordSyntaxOf } from '../../../lib/core/records/record-syntax.ts';
import type { LandedFile } from '../../../lib/core/run/pull-receipt.ts';
import { feedSchema } from '../../../lib/feed-file/feed.ts';
import { formats } from '../../../lib/formats/index.ts';
import type { FileFormat } from '../../../lib/ports/file-format.ts';
import type { Store } from '../../../lib/ports/store.ts';
import { DeliveredPlaces, type LandedRecord } from '../../../lib/steps/landing/delivered-places.ts';
import { landFile } from '../../../lib/steps/landing/landing.ts';
import { unpackedObject } from '../../../lib/steps/landing/unpacked-object.ts';
import { placedFile, placedForms } from '../../formats/placed-forms.ts';
import { noLocalFile } from '../../support/formats/local-file.ts';
import { inMemoryStore } from '../../support/in-memory/store.ts';

const ports = { formats, engine: { keepLocally: noLocalFile } };

describe.each(Object.entries(placedForms))('%s', (_, form) => {
  test('in landing, records in many parts have the place that they have in what the vendor sent', async () => {
    const sent = placedFile(form, 18_000);
    const table = tableOf(form.format);
    const store = inMemoryStore();
    const file = await landed(sent.bytes, table, store);
    expect(file.parts.length).toBeGreaterThan(1);
    const all = await recordsIn(file, table, store);
    expect(all).toHaveLength(sent.records.length);
    const places = new DeliveredPlaces(file, table, { store, ...ports });
    for (let index = 0; index < all.length; index += 331) {
      const { text: _text, ...place } = sent.records[index]!;
      expect(places.reaches(all[index]!)).toBe(true);
      expect(await places.find(all[index]!)).toMatchObject(place);
    }
    await places.close();
  });
});

test('a record before the last one that was found is not reached, nor one of another file', async () => {
  const table = tableOf({});
  const store = inMemoryStore();
  const file = await landed(placedFile(placedForms['plain CSV']!, 9000).bytes, table, store);
  const [first, second] = await recordsIn(file, table, store);
  const places = new DeliveredPlaces(file, table, { store, ...ports });
  await places.find(second!);
  expect([first!, second!, { ...second!, object: 'landing/other' }].map((record) => places.reaches(record))).toEqual([
    false,
    true,
    false,
  ]);
  await places.close();
});

test('a record that today\u2019s format does not find there has no place', async () => {
  const table = tableOf({ encoding: 'utf-16' });
  const store = inMemoryStore();
  const file = await landed(placedFile(placedForms['CSV in UTF-16']!, 300).bytes, table, store);
  const [, second] = await recordsIn(file, table, store);
  const find = async (record: LandedRecord) => {
    const places = new DeliveredPlaces(file, table, { store, ...ports });
    const place = await places.find(record);
    await places.close();
    return place;
  };
  expect(await find({ ...second!, length: second!.length + 1 })).toBeUndefined();
  expect(await find({ ...second!, offset: second!.offset + 1 })).toBeUndefined();
  expect(await find({ ...second!, offset: 1_000_000 })).toBeUndefined();
});

test('a file that was converted and not kept has no places: RAW_DROPPED', async () => {
  const table = tableOf({ encoding: 'utf-16' });
  const store = inMemoryStore();
  const { raw: _raw, ...file } = await landed(placedFile(placedForms['CSV in UTF-16']!, 300).bytes, table, store);
  const [first] = await recordsIn(file, table, store);
  const places = new DeliveredPlaces(file, table, { store, ...ports });
  await expect(places.find(first!)).rejects.toMatchObject({ name: 'RAW_DROPPED' });
});

function tableOf(format: object): Table {
  const columns = { id: { type: 'text', key: true }, name: 'text' };
  return feedSchema.parse({ feed: 'lab', source: { folder: '.' }, tables: { t: { files: '*', format, columns } } })
    .tables.t!;
}

async function landed(bytes: Buffer, table: Table, store: Store): Promise<LandedFile> {
  const { format, contract } = table;
  const columns = deliveredColumnsOf(table);
  const reading = readingSpecOf(table);
  const { file } = await landFile(pieces(bytes, 20_001), {
    store,
    reading,
    columns,
    format: 'csv',
    convert: ({ bytes }) =>
      formatKindOf<FileFormat>(format, formats).open({
        format,
        bytes,
        localFile: noLocalFile,
        columns,
        contract,
        reading,
        proof: () => 'the test',
      }),
    keyOf: (part) => `landing/${part}`,
    rawKey: 'raw/file',
    partBytes: 30_000,
  });
  return { name: 'file', size: bytes.length, ...file };
}

async function recordsIn({ parts, recordEnd, header }: LandedFile, { format }: Table, store: Store) {
  const found: LandedRecord[] = [];
  const syntax = recordSyntaxOf(recordTextOf(format));
  for (const { key } of parts)
    for await (const { offset, length } of records(unpackedObject(key, store), syntax, recordEnd, header.length))
      found.push({ object: key, offset, length });
  return found;
}

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
