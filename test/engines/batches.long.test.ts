import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { feedSchema } from '../../lib/feed-file/feed.ts';
import { EngineLab, type Night } from '../support/engines/engine-lab.ts';

/** Rounds of a few rows, so that every night has many. */
const settings = { windowBytes: 64, roundBytes: 40 };
const table = { columns: { id: { type: 'integer', key: true }, name: 'text', price: 'decimal(5,2)' } };
const { columns } = feedSchema.parse({
  feed: 'lab',
  source: { folder: '.' },
  tables: { t: { files: 't.csv', ...table } },
}).tables.t!;
const header = 'id,name,price\n';
const row = (id: number, name = `row ${id}`, price = '1.00') => `${id},${name},${price}\n`;
const ids = Array.from({ length: 60 }, (_, index) => 2 * index + 10);
const base = header + ids.map((id) => row(id)).join('');

let lab: EngineLab;
beforeAll(async () => {
  lab = await EngineLab.open(settings);
});
afterAll(() => lab.close());
beforeEach(async () => {
  lab.reset();
  await lab.night(table, base, 'lockstep');
});

/** Every third row changed, every seventh gone, a new one behind every fifth. */
const changed = (price = '2.00') =>
  header +
  ids
    .filter((id) => id % 7 !== 0)
    .map((id) => row(id, undefined, id % 3 === 0 ? price : '1.00') + (id % 5 === 0 ? row(id + 1) : ''))
    .join('');

test('many rounds are one change set: numbers, files, fingerprints, samples', async () => {
  const { found, expected, receipt } = await lab.night(table, changed(), 'lockstep');

  expect(found).toEqual(expected);
  expect(receipt.tables.t!.engine).toBe('lockstep');
  expect(receipt.tables.t!.updated).toBeGreaterThan(SEVERAL_ROUNDS);
  const again = await lab.night(table, changed(), 'lockstep');
  expect(again.found).toEqual(again.expected);
});

const SEVERAL_ROUNDS = 12;

test.each([
  ['some rounds are files of the change set', 20, 20],
  ['of very many one file is made', 70, 1],
])('%s', async (_what, rows, files) => {
  // More bytes than a round waits for.
  const long = (id: number, version: string) => row(id, `${version} of a row with a long name ${id}`);
  const of = (version: string) =>
    header + ids.map((id) => [0, 1].map((more) => long(2 * id + more, version)).join('')).join('');
  lab.reset();
  await lab.night(table, of('old'), 'lockstep');
  const lines = of('old').split('\n');
  const some = lines.map((line, index) => (index > 0 && index <= rows ? line.replace('old', 'new') : line));
  const { found, expected, receipt } = await lab.night(table, some.join('\n'), 'lockstep');

  expect(found).toEqual(expected);
  const written = [receipt.tables.t!.changes.updated!].flat();
  expect(written).toHaveLength(files);
  // Node tells the user of what it takes for a leak.
  const warn = vi.spyOn(process, 'emitWarning');
  expect((await text(lab.engine.copyText(written, { columns }))).split('\n')).toHaveLength(rows + 1);
  expect(warn.mock.calls).toEqual([]);
  warn.mockRestore();
});

test.each([
  ['rejects with a readable key, kept round by round', changed('x')],
  ['a reject whose key cannot be read suspends deletes in all rounds', `${changed()}99999999999,huge,1.00\n`],
  ['a broken record', `${changed()}1,short\n`],
  ['a column that comes empty', base.replaceAll(/row \d+/g, '')],
  [
    'rows that do not ascend',
    header +
      ids
        .map((id) => row(id, 'new'))
        .reverse()
        .join(''),
  ],
  ['a key that comes twice', changed() + row(10, 'again')],
  ['nothing left', header + row(1)],
])('%s', async (_what, bytes) => {
  const { found, expected, receipt } = await lab.night(table, bytes, 'lockstep');
  expect(found).toEqual(expected);
  expect(await samplesOf(lab, receipt)).toEqual(await samplesByDuckdb(bytes));

  const next = await lab.night(table, base, 'lockstep');
  expect(next.found).toEqual(next.expected);
});

async function samplesByDuckdb(bytes: string): Promise<unknown> {
  const joining = await EngineLab.open();
  try {
    await joining.night(table, base, 'duckdb');
    return await samplesOf(joining, (await joining.night(table, bytes, 'duckdb')).receipt);
  } finally {
    await joining.close();
  }
}

async function samplesOf({ store }: EngineLab, receipt: Night['receipt']): Promise<unknown> {
  return JSON.parse((await store.readText(receipt.tables.t!.samples))!);
}

test('rounds are joined while the delivery lands', async () => {
  const attending = await EngineLab.open({ ...settings, attends: true, chunkBytes: 50 });
  try {
    await attending.night(table, base, 'auto');
    for (const bytes of [
      changed(),
      header +
        ids
          .map((id) => row(id, 'new'))
          .reverse()
          .join(''),
    ]) {
      const { found, expected } = await attending.night(table, bytes, 'lockstep');
      expect(found).toEqual(expected);
    }
  } finally {
    await attending.close();
  }
});
