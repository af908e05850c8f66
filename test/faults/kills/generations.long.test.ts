import { mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import postgres from 'postgres';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Desk, itemsCsv } from '../../support/nights/command-line.ts';

/** A vendor that leaves its earlier dumps beside tonight's. */
let desk: Desk;
beforeEach(async () => {
  desk = await Desk.open();
  await mkdir(join(desk.folder, 'inbox'));
});
afterEach(() => desk.close());

async function describeFeed(files: string, more = ''): Promise<void> {
  await writeFile(
    desk.feed,
    `feed: shop
source: {folder: inbox}
ready: {stable: 1s}
${more}
tables:
  items:
    files: "${files}"
    pick: newest
    on_delete: delete
    columns: {id: {type: bigint, key: true}, name: text}
`,
  );
}

/** Written so many minutes before a day of long ago. */
async function put(name: string, csv: string, minutes = 0): Promise<void> {
  const path = join(desk.folder, 'inbox', name);
  await writeFile(path, csv);
  const time = new Date(Date.parse('2026-01-01T00:00:00Z') - minutes * 60_000);
  await utimes(path, time, time);
}

const night = (date: string, command = 'run') => desk.ask(command, desk.feed, '--date', date);

async function names(): Promise<string[]> {
  const sql = postgres(desk.url, { max: 1, onnotice: () => {} });
  const rows = await sql.unsafe('SELECT name FROM public.items ORDER BY id').values();
  await sql.end();
  return rows.map(([name]) => String(name));
}

const first = itemsCsv(3);
const second = itemsCsv(3, 2);
const changed = ['item 1 again', 'item 2 again', 'item 3'];

test('of two generations the newer one alone is taken, and the older one named, in plan, answer, status and receipt', async () => {
  await describeFeed('stock_{ddmmyyyy}.csv', 'expect: 1');
  await put('stock_01012026.csv', first);
  await put('stock_02012026.csv', second, 60);
  const files = { picked: ['stock_02012026.csv'], left_out: ['stock_01012026.csv'] };

  const planned = await night('2026-01-02', 'plan');
  const published = await night('2026-01-02');

  for (const { code, answer } of [planned, published])
    expect({ code, answer }).toMatchObject({
      code: 0,
      answer: { state: 'published', tables: { items: { rows: 3, files } } },
    });
  expect(await names()).toEqual(changed);
  expect((await desk.run('status', 'shop/2026-01-02')).stdout).toContain(
    '  from stock_02012026.csv; left out: stock_01012026.csv',
  );
});

test('what production holds is not there under a new date, and never comes back when the vendor takes newer files away', async () => {
  await describeFeed('stock_{ddmmyyyy}.csv');
  await put('stock_01012026.csv', first);
  expect((await night('2026-01-01')).answer.state).toBe('published');

  const late = await night('2026-01-02');
  const sameDate = await night('2026-01-01');

  expect(late).toMatchObject({ code: 4, answer: { state: 'late', error: { name: 'LATE' } } });
  expect(late.answer.error.message).toContain('production has held "stock_01012026.csv", the newest, since 2026-01-01');
  expect(sameDate).toMatchObject({ code: 0, answer: { state: 'unchanged', run: 'shop/2026-01-01' } });
  await put('stock_02012026.csv', second);
  expect((await night('2026-01-02')).answer).toMatchObject({
    state: 'published',
    run: 'shop/2026-01-02',
    warnings: [],
  });

  await rm(join(desk.folder, 'inbox', 'stock_02012026.csv'));
  expect(await night('2026-01-02')).toMatchObject({ code: 0, answer: { state: 'unchanged' } });
  const gone = await night('2026-01-03');
  expect(gone).toMatchObject({ code: 4, answer: { state: 'late' } });
  expect(gone.answer.error.message).toContain('"stock_01012026.csv" is older than "stock_02012026.csv"');
  expect(await names()).toEqual(changed);
});

test('the same generation written again is news when its bytes are, and late when they are not', async () => {
  await describeFeed('stock_{n}.csv');
  await put('stock_9.csv', first);
  expect((await night('2026-01-01')).answer.state).toBe('published');

  await put('stock_9.csv', first, -5);
  for (const command of ['plan', 'run']) {
    const late = await night('2026-01-02', command);
    expect(late, late.stderr).toMatchObject({ code: 4, answer: { state: 'late', error: { name: 'LATE' } } });
    expect(late.answer.error.message).toContain('items ("stock_9.csv"): written again, with the bytes');
  }
  await put('stock_9.csv', second, -5);
  expect((await night('2026-01-02')).answer).toMatchObject({ state: 'published', tables: { items: { updated: 2 } } });
  expect(await names()).toEqual(changed);
});
