import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Desk, itemsCsv } from '../support/nights/command-line.ts';

const page = readFileSync(new URL('../../docs/numbers.md', import.meta.url), 'utf8');
const logs = ['load_log', 'load_table_log', 'load_file_log', 'step_log', 'storage_log', 'pickup_log'];
const EXAMPLE = /[0-9a-f]{64}/;

const LONG_AGO = new Date('2026-11-02T00:00:00Z');
let desk: Desk;
const packed = gzipSync(`${itemsCsv(9, 2)}x,no number\n`);

beforeAll(async () => {
  desk = await Desk.open();
  await desk.describe('schedule: {at: "02:00", timezone: UTC, deadline: "06:00"}\n');
  await writeFile(desk.feed, (await readFile(desk.feed, 'utf8')).replace('items.csv', '"items.csv*"'));
  await desk.deliver('2026-11-18', itemsCsv(10));
  await night('2026-11-18', 0);
  await desk.deliver('2026-11-19', '<html>no data</html>');
  await night('2026-11-19', 5);
  const inbox = join(desk.folder, 'inbox/2026-11-20');
  await mkdir(inbox);
  await writeFile(join(inbox, 'items.csv.gz'), packed);
  await utimes(join(inbox, 'items.csv.gz'), LONG_AGO, LONG_AGO);
  await night('2026-11-20', 3);
});
afterAll(() => desk.close());

async function night(date: string, code: number): Promise<void> {
  const ended = await desk.ask('run', desk.feed, '--date', date);
  expect(ended.code, JSON.stringify(ended)).toBe(code);
}

test('each query of the page has an answer', async () => {
  const queries = [...page.matchAll(/```sql\n(.*?)```/gs)].map(([, sql]) => sql!);
  expect(queries).toHaveLength(8);
  const found: number[] = [];
  for (const query of queries) {
    const sum = createHash('sha256').update(packed).digest('hex');
    found.push((await desk.query(query.replace(EXAMPLE, sum))).length);
  }
  expect(found.pop()).toBe(0);
  expect(found.map((count) => count > 0)).toEqual(found.map(() => true));
});

test('the page has each column of each table, and no others', async () => {
  for (const log of logs) {
    const columns = await desk.query(
      `SELECT attname FROM pg_attribute WHERE attrelid = 'nightfeed.${log}'::regclass AND attnum > 0 ORDER BY attname`,
    );
    const section = page.split(`### ${log}\n`)[1]!.split('\n#')[0]!;
    const named = [...section.matchAll(/^\| (`[^|]*) \|/gm)].flatMap(([, cell]) => [...cell!.matchAll(/`(\w+)`/g)]);
    expect(named.map(([, name]) => name).sort(), log).toEqual(columns.map(({ attname }) => attname));
  }
});

test('nightfeed metrics prints what the page says', async () => {
  const { code, stdout } = await desk.run('metrics');
  expect(code).toBe(0);
  expect(stdout).toContain('nightfeed_run_ends_total{feed="shop",state="held"} 1\n');
  expect(stdout).toContain('nightfeed_last_run_rejected_rows{feed="shop",table="items"} 1\n');
  expect(await desk.ask('metrics')).toMatchObject({ code: 0, answer: { metrics: stdout } });
});

test('what the nights came to is there', async () => {
  const ends = await desk.query(
    'SELECT date::text, state, error, files, rows_in, accepted, rejected, inserted FROM nightfeed.load_log ORDER BY ending',
  );
  expect(ends).toEqual([
    {
      date: '2026-11-18',
      state: 'published',
      error: null,
      files: '1',
      rows_in: '10',
      accepted: '10',
      rejected: '0',
      inserted: '10',
    },
    {
      date: '2026-11-19',
      state: 'refused',
      error: 'HEADER_MISMATCH',
      files: '1',
      rows_in: null,
      accepted: null,
      rejected: null,
      inserted: null,
    },
    {
      date: '2026-11-20',
      state: 'held',
      error: null,
      files: '1',
      rows_in: '10',
      accepted: '9',
      rejected: '1',
      inserted: '0',
    },
  ]);
  const sum = createHash('sha256').update(packed).digest('hex');
  expect(
    await desk.query('SELECT file, sha256, rows_in, rejected FROM nightfeed.load_file_log ORDER BY ending'),
  ).toMatchObject([
    { file: 'items.csv', rows_in: '10', rejected: '0' },
    { file: 'items.csv', sha256: null, rows_in: null, rejected: null },
    { file: 'items.csv.gz', sha256: sum, rows_in: '10', rejected: '1' },
  ]);
  const steps = await desk.query(
    'SELECT date::text, step, coalesce(outcome, error) AS came FROM nightfeed.step_log ORDER BY position',
  );
  expect(steps.map(({ date, step, came }) => `${date.slice(-2)} ${step} ${came}`)).toEqual([
    ...['18 arrive arrived', '18 pull pulled', '18 diff compared', '18 guard pass', '18 publish published'],
    ...['18 notify told', '18 tidy tidied', '19 arrive arrived', '19 pull HEADER_MISMATCH'],
    ...['20 arrive arrived', '20 pull pulled', '20 diff compared', '20 guard held'],
  ]);
  const [largest] = await desk.query('SELECT * FROM nightfeed.step_log ORDER BY peak_memory_bytes DESC LIMIT 1');
  expect(Number(largest!.peak_memory_bytes)).toBeGreaterThan(30e6);
  expect(Number(largest!.free_disk_bytes)).toBeGreaterThan(0);
  expect(await desk.query(`SELECT table_name, objects FROM nightfeed.storage_log WHERE zone = 'landing'`)).toEqual([
    { table_name: 'items', objects: '1' },
  ]);
});
