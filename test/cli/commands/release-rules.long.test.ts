import { globSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { feedText, PriceDesk } from '../../support/vendors/price-desk.ts';

/** Prices with a blank before them are rejected, until the feed file takes it away. */
const trimming = (feed: string) => feed.replace('"decimal(6,2)"}', '"decimal(6,2)", trim: true}');

/** With these rules on the table; after two nights, the second with rows that a mended feed file can read. */
async function deskWith(rules: string, second: readonly string[], more = ''): Promise<PriceDesk> {
  const feed = feedText({ rest: `    rules: [${rules}]\n${more}` });
  const desk = await PriceDesk.open(feed);
  onTestFinished(() => desk.close());
  for (const date of ['2026-11-18', '2026-11-19']) await desk.put(date, 'names.csv', ['code', 'one', 'two', 'three']);
  await desk.publish('2026-11-18', ['1,one,1.00', '2,two,2.00']);
  await desk.publish('2026-11-19', second);
  await desk.describe(trimming(feed));
  return desk;
}

const release = (desk: PriceDesk) => desk.ask('quarantine', 'release', 'shop/2026-11-19');

/** Rows that wait, as key and reason. */
async function waiting(desk: PriceDesk): Promise<unknown[]> {
  const { answer } = await desk.ask('quarantine', 'show', 'shop/2026-11-19');
  return (answer.rows as { key: string; code: string; column: string }[]).map(({ key, code, column }) => [
    key,
    code,
    column,
  ]);
}

test('what has to be unique is so with the rows in production, too', async () => {
  const desk = await deskWith('{unique: [name], name: one name each}', [
    '1,one,1.00',
    '2,two, 2.50',
    '3,one, 3.00',
    '4,four, 4.00',
    '5,five, 5.00',
    '6,five, 6.00',
  ]);

  const released = await release(desk);

  expect(released, released.stderr).toMatchObject({
    code: 0,
    answer: { released: { prices: { records: 5, released: 2, rejected: { NOT_UNIQUE: 3 } } } },
  });
  // The last good version of row 2 has the same name, and is what row 2 replaces.
  expect(await desk.rows()).toEqual([
    ['1', 'one', '1.00'],
    ['2', 'two', '2.50'],
    ['4', 'four', '4.00'],
  ]);
  expect(await waiting(desk)).toEqual([
    ['3', 'NOT_UNIQUE', 'one name each'],
    ['5', 'NOT_UNIQUE', 'one name each'],
    ['6', 'NOT_UNIQUE', 'one name each'],
  ]);
  expect(await desk.agrees()).toBe(true);
  expect((await release(desk)).answer).toMatchObject({ state: 'unchanged' });
});

test('what references another table does so to its rows in production', async () => {
  const names = '  names: {files: names.csv, columns: {code: {type: text, key: true}}, guards: {min_rows: 0}}\n';
  const desk = await deskWith(
    '{check: "id > 0"}',
    ['1,one,1.00', '2,two,2.00', '3,three, 3.00', '4,four, 4.00'],
    names,
  );
  await desk.describe(
    trimming(feedText({ rest: names })).replace('name: text', 'name: {type: text, references: names.code}'),
  );

  const released = await release(desk);

  expect(released, released.stderr).toMatchObject({
    code: 0,
    answer: { released: { prices: { records: 2, released: 1, rejected: { NO_REFERENCE: 1 } } } },
  });
  expect(await waiting(desk)).toEqual([['4', 'NO_REFERENCE', 'name']]);
  expect((await desk.rows()).at(-1)).toEqual(['3', 'three', '3.00']);
  // A delivery in current/ has all tables, also those of which nothing was released.
  const current = globSync(join(desk.home, 'lake/current/shop/*/*/*/*.parquet')).map((path) =>
    path.split('/').slice(-4, -1).join('/'),
  );
  const delivery = 'nightfeed_date=2026-11-19/nightfeed_revision=2';
  expect(current).toEqual(expect.arrayContaining([`names/${delivery}`, `prices/${delivery}`]));
  expect(await desk.agrees()).toBe(true);
});

test('rules that hold or refuse do so with released rows', async () => {
  const rows = ['1,one,1.00', '2,two,2.00', '3,three, 300.00'];
  const desk = await deskWith('{check: "price < 100", name: cheap, on_fail: hold}', rows);
  const refusing = trimming(feedText({ rest: '    rules: [{check: "price < 100", name: cheap, on_fail: refuse}]\n' }));

  const held = await release(desk);
  expect(held).toMatchObject({
    code: 3,
    answer: { run: 'shop/2026-11-19-r2', state: 'held', holds: [{ guard: 'RULE_BROKEN' }] },
  });
  expect(await desk.ask('reject', 'shop/2026-11-19-r2', '--by', 'ada', '--reason', 'dear')).toMatchObject({ code: 0 });
  await desk.describe(refusing);
  expect(await release(desk)).toMatchObject({ code: 5, answer: { error: { name: 'RULE_REFUSED' } } });
  expect(await desk.rows()).toHaveLength(2);
  expect(await desk.agrees()).toBe(true);
});

test('what is only read cannot be asked of production', async () => {
  const rows = ['1,one,1.00', '2,two,2.00', '3,three, 3.00'];
  const desk = await deskWith('{check: "id > 0"}', rows);
  await desk.describe(
    trimming(feedText({ rest: '    rules: [{unique: [id_text]}]\n' })).replace(
      'name: text',
      'name: text\n      id_text: {type: text, as: "upper(name)", store: false}',
    ),
  );
  expect(await release(desk)).toMatchObject({
    code: 2,
    answer: { error: { name: 'USAGE', message: expect.stringContaining('id_text to be unique') } },
  });
});
