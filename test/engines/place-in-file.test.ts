import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Samples, SampleUnreadable } from '../../lib/core/diff/samples.ts';
import { EngineLab } from '../support/engines/engine-lab.ts';
import { parquetOf } from '../support/formats/parquet.ts';

let lab: EngineLab;
beforeAll(async () => {
  // Several parts, so that numbers count over their borders.
  lab = await EngineLab.open({ partBytes: 60, chunkBytes: 20 });
});
afterAll(() => lab.close());

const columns = { id: { type: 'bigint', key: true }, name: 'text' };
const ids = Array.from({ length: 12 }, (_, index) => String(index + 1));

/** The first record with an unreadable key, of a second night. */
async function unreadableOf(
  engine: 'duckdb' | 'lockstep',
  format: object,
  nights: readonly [first: Buffer, second: Buffer],
): Promise<SampleUnreadable | undefined> {
  lab.reset();
  for (const bytes of nights) await lab.night({ columns, format }, bytes, engine);
  const { found, expected, receipt } = await lab.night({ columns, format }, nights[1], engine);
  expect(found).toEqual(expected);
  expect(receipt.tables.t!.engine).toBe(engine);
  const { unreadable } = JSON.parse((await lab.store.readText(receipt.tables.t!.samples))!) as Samples;
  return unreadable;
}

const engines = ['duckdb', 'lockstep'] as const;

test.each(engines)('of a converted format the number of the record says where it stands (%s)', async (engine) => {
  const line = (id: string) => `${JSON.stringify({ name: `n${id}`, id: Number(id) })}\n`;
  const lines = (broken: string) => Buffer.from(ids.map((id) => (id === '9' ? broken : line(id))).join(''));
  const format = { type: 'ndjson' };
  const cut = await unreadableOf(engine, format, [lines(line('9')), lines('{"id": 9, "na\n')]);
  expect(cut).toMatchObject({ code: 'SYNTAX', record: 9, isLast: false });
  const noKey = await unreadableOf(engine, format, [lines(line('9')), lines('{"id": "x", "name": "n9"}\n')]);
  expect(noKey).toMatchObject({ code: 'FORMAT', column: 'id', record: 9 });
});

test.each(engines)('of Parquet the number of the row does, over all row groups (%s)', async (engine) => {
  const file = (broken: string) =>
    parquetOf(
      `SELECT CASE i WHEN 5000 THEN ${broken} ELSE i END AS id, 'n' || i AS name FROM range(1, 6001) t(i)`,
      'ROW_GROUP_SIZE 2048',
    );
  const nights = [await file('i'), await file('NULL')] as const;
  expect(await unreadableOf(engine, { type: 'parquet' }, nights)).toMatchObject({ code: 'KEY_MISSING', record: 5000 });
});

const csv = (key: string, encoding: 'latin1' | 'utf16le' | 'utf8', ends = ['\n']) =>
  Buffer.from(
    ['id,name', ...ids.map((id) => `${id === '9' ? key : id},größe ${id}`)]
      .map((record, index) => record + ends[index % ends.length]!)
      .join(''),
    encoding,
  );

test.each(engines)('of transcoded CSV too, and of CSV whose record ends were made one (%s)', async (engine) => {
  const place = { code: 'FORMAT', column: 'id', record: 9, isLast: false };
  for (const [encoding, written] of [
    ['latin-1', 'latin1'],
    ['utf-16', 'utf16le'],
  ] as const)
    expect(await unreadableOf(engine, { encoding }, [csv('9', written), csv('x', written)])).toMatchObject(place);
  const mixed = ['\r\n', '\n'];
  const format = { allow_mixed_record_ends: true };
  expect(await unreadableOf(engine, format, [csv('9', 'utf8', mixed), csv('x', 'utf8', mixed)])).toMatchObject(place);
});

test.each(engines)('of CSV that passed as it is the byte does (%s)', async (engine) => {
  const second = csv('x', 'utf8');
  for (const format of [{}, { allow_mixed_record_ends: true }]) {
    const found = await unreadableOf(engine, format, [csv('9', 'utf8'), second]);
    expect(found).toMatchObject({ code: 'FORMAT', byte: second.indexOf('x,größe') });
    expect(found).not.toHaveProperty('record');
  }
});
