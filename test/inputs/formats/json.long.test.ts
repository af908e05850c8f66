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
