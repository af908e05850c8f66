import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { EngineLab } from '../support/engines/engine-lab.ts';

const table = { columns: { id: { type: 'integer', key: true }, name: 'text' } };
const header = 'id,name\n';
const rows = (count: number, name = (id: number) => `row ${id}`) =>
  Array.from({ length: count }, (_, index) => `${index + 1},${name(index + 1)}\n`).join('');
const base = header + rows(50);

let lab: EngineLab;
beforeAll(async () => {
  lab = await EngineLab.open({ attends: true, chunkBytes: 40 });
});
afterAll(() => lab.close());
beforeEach(async () => {
  lab.reset();
  await lab.night(table, base, 'auto');
});

test('a delivery is compared while it lands', async () => {
  const { found, expected, receipt } = await lab.night(table, base.replace('row 7', 'ROW 7'), 'auto');

  expect(found).toEqual(expected);
  expect(receipt.tables.t).toMatchObject({
    engine: 'lockstep',
    updated: 1,
    reason: '49 records are equal on both sides, as seen while they landed; 1 were joined by key',
  });
});

test('what is far from the base is given up while it lands, and joined', async () => {
  const long = 'x'.repeat(2000);
  const large = await EngineLab.open({ attends: true, chunkBytes: 1 << 20 });
  onTestFinished(() => large.close());
  await large.night(table, header + rows(9000, (id) => `${id}${long}`), 'auto');

  const { found, expected, receipt } = await large.night(table, header + rows(9000, (id) => `-${id}${long}`), 'auto');

  expect(found).toEqual(expected);
  expect(receipt.tables.t).toMatchObject({
    engine: 'duckdb',
    reason: 'lockstep stopped early: 100 % of the first bytes found no equal record',
  });
});

test.each([
  ['a record that is rejected', base.replace('7,row 7', '7,row,7')],
  ['a line end within a record', base.replace('row 7', '"row\n7"')],
  ['other columns in the header', base.replace(header, 'name,id\n').replaceAll(/^(\d+),(.*)$/gm, '$2,$1')],
  ['another record end', base.replaceAll('\n', '\r\n')],
])('%s: the landed parts are compared', async (_what, bytes) => {
  const { found, expected, receipt } = await lab.night(table, bytes, 'auto');

  expect(found).toEqual(expected);
  expect(receipt.tables.t!.reason).not.toContain('while they landed');
});
