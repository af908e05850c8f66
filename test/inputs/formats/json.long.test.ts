import { expect, test } from 'vitest';
import { describeCases } from '../../support/nights/describe-cases.ts';
import { tableOf } from '../../support/nights/input-case.ts';
import { jsonInputs } from '../cases/json.ts';
import { columns, text } from '../plain-table.ts';

const lab = describeCases(jsonInputs);

const rows = Array.from({ length: 20 }, (_, at) => ({ id: at + 1, name: `name ${at + 1}`, price: `${at + 1}.50` }));

test.each([
  ['ndjson', rows.map((row) => `${JSON.stringify(row)}\n`).join('')],
  ['json', JSON.stringify(rows, null, 2)],
])('a vendor who changes from CSV to %s changes no row', async (type, bytes) => {
  const feed = await lab().feed(tableOf(columns), { 't.csv': text() });
  const before = await feed.everything();
  await feed.change(tableOf(columns, { format: { type } }));
  expect(await feed.night({ 't.csv': bytes })).toMatchObject({ state: 'published', updated: 0, rejected: {} });
  expect(await feed.everything()).toEqual(before);
});

test('a string that may hold JSON rejects its row, whose key is known, and the option tells which it is', async () => {
  const lines = (...values: readonly string[]) => values.map((value, at) => `{"id":${at + 1},"v":${value}}\n`).join('');
  const guards = { rejected: '100%', updated: '100%', gone: '100%', rows: ['-100%', '+100%'] };
  const table = (format: object) =>
    tableOf({ id: { type: 'integer', key: true }, v: 'jsonb' }, { format, on_delete: 'delete', guards });
  const feed = await lab().feed(table({ type: 'ndjson' }), { 't.csv': lines('12', '"[1]"', '{}') });
  expect(await feed.rows()).toEqual([
    ['1', '12'],
    ['2', '[1]'],
    ['3', '{}'],
  ]);

  expect(await feed.night({ 't.csv': lines('"12"', '"[1]"') })).toMatchObject({
    state: 'published',
    rejects: [{ code: 'JSON_STRING' }],
    suspended: 0,
  });
  expect(await feed.rows(), 'the third row is gone').toEqual([
    ['1', '12'],
    ['2', '[1]'],
  ]);

  await feed.change(table({ type: 'ndjson', json_strings: 'value' }));
  expect(await feed.night({ 't.csv': lines('"12"', '"[1]"') })).toMatchObject({ state: 'published', rejects: [] });
  expect(await feed.rows()).toEqual([
    ['1', '"12"'],
    ['2', '"[1]"'],
  ]);
});
