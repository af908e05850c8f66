import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { csv } from '../support/engines/csv.ts';
import { describeEngines } from '../support/engines/engines.ts';
import { tableOf } from '../support/nights/input-case.ts';
import type { IntakeFeed } from '../support/nights/intake-feed.ts';
import { IntakeLab } from '../support/nights/intake-lab.ts';

let lab: IntakeLab;
let duckdb: DuckDBConnection;
beforeAll(async () => {
  lab = await IntakeLab.open();
  duckdb = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  await duckdb.run("SET TimeZone = 'UTC'");
});
afterAll(async () => {
  duckdb.closeSync();
  await lab.close();
});

const columns = { id: { type: 'integer', key: true }, region: 'text', day: 'date', name: 'text' };
const guards = { min_rows: 0, rejected: '100%', updated: '100%', gone: '100%', rows: ['-100%', '+100000%'] };
const table = tableOf(columns, { guards, lake: { partition_by: ['region', 'day'] } });

const fileOf = (rows: readonly (string | null)[][]) => csv([['id', 'region', 'day', 'name'], ...rows]);
const filesOf = (feed: IntakeFeed) =>
  readdirSync(join(lab.lake, 'current', feed.feed.feed), { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.\w+$/.test(name),
  );

/** As docs/lake.md has it. */
const newest = ({ feed }: IntakeFeed, name = 't') => `(
  SELECT * EXCLUDE (nightfeed_date, nightfeed_revision)
  FROM read_parquet('${lab.lake}/current/${feed.feed}/${name}/*/*/*.parquet', hive_partitioning = true)
  WHERE (nightfeed_date, nightfeed_revision) = (
    SELECT (nightfeed_date, nightfeed_revision) FROM read_json('${lab.lake}/current/${feed.feed}/newest-delivery/*.json')
    ORDER BY nightfeed_date DESC, nightfeed_revision DESC LIMIT 1))`;

async function rowsOf(relation: string): Promise<unknown[]> {
  const found = await duckdb.runAndReadAll(`SELECT CAST(COLUMNS(*) AS VARCHAR) FROM ${relation} ORDER BY 1`);
  return found.getRowsJson();
}

async function typesOf(relation: string): Promise<Record<string, string>> {
  const found = await duckdb.runAndReadAll(`DESCRIBE SELECT * FROM ${relation}`);
  return Object.fromEntries(found.getRowsJson().map(([name, type]) => [name, type]));
}

/** The program that wrote the files, as they say themselves. */
async function writerOf({ feed }: IntakeFeed): Promise<string> {
  const found = await duckdb.runAndReadAll(
    `SELECT DISTINCT created_by FROM parquet_file_metadata('${lab.lake}/current/${feed.feed}/t/*/*/*.parquet')`,
  );
  return found.getRowsJson().flat().join();
}

const hostile = [
  'a/b',
  '../../etc',
  'k=v',
  '%2F',
  '',
  null,
  'é😀',
  "it's",
  '\\N',
  'a\nb',
  '__HIVE_DEFAULT_PARTITION__',
  'x'.repeat(500),
];
const rows = hostile.flatMap((region, index) => [
  [`${index * 2}`, region, '2024-02-29', 'one'],
  [`${index * 2 + 1}`, region, index % 3 === 0 ? null : '2024-03-01', 'two'],
]);

describeEngines(['duckdb', 'spark'], (engine) => {
  test('current/ holds what production holds, with whatever value in the columns to partition by', async () => {
    const feed = await lab.feed(table, { 't.csv': fileOf(rows) }, { engine });

    expect(await rowsOf(newest(feed))).toEqual((await feed.rows()).sort((a, b) => (a[0]! < b[0]! ? -1 : 1)));
    expect(filesOf(feed).filter((name) => !/^[\w=./-]+$/.test(name))).toEqual([]);
    // One value of each in a file, so that its statistics tell whether it is wanted.
    const files =
      await duckdb.runAndReadAll(`SELECT filename, count(DISTINCT coalesce(region, '~') || coalesce(day::text, '~')) AS n
      FROM read_parquet('${lab.lake}/current/${feed.feed.feed}/t/*/*/*.parquet', filename = true) GROUP BY 1`);
    expect(files.getRowsJson().filter(([, n]) => Number(n) !== 1)).toEqual([]);
    expect(files.getRowsJson().length).toBe(24);
    expect(await writerOf(feed)).toMatch(engine === 'spark' ? /^parquet-mr/ : /^DuckDB/);
  });

  test('current/ has the types of the columns, without partitions and of an empty table too', async () => {
    const every = {
      id: { type: 'bigint', key: true },
      n: 'integer',
      price: 'decimal(12,2)',
      share: 'double',
      ok: 'boolean',
      day: 'date',
      at: 'timestamp',
      seen: 'timestamptz',
      uid: 'uuid',
      doc: 'json',
      name: 'text',
    };
    const of = (lines: string[]) => `${[Object.keys(every).join('|'), ...lines].join('\n')}\n`;
    const line = `1|-7|0.10|0.1|true|2024-02-29|2024-02-29 12:00:00.000001|2024-02-29T12:00:00+02:00|A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11|"{""a"": 1}"|é`;
    const typed = tableOf(every, { guards, format: { delimiter: '|' } });
    const feed = await lab.feed(typed, { 't.csv': of([line, '2||||||||||']) }, { engine });

    expect(await typesOf(newest(feed))).toEqual({
      id: 'BIGINT',
      n: 'INTEGER',
      price: 'DECIMAL(12,2)',
      share: 'DOUBLE',
      ok: 'BOOLEAN',
      day: 'DATE',
      at: 'TIMESTAMP',
      seen: 'TIMESTAMP WITH TIME ZONE',
      uid: 'VARCHAR',
      doc: 'VARCHAR',
      name: 'VARCHAR',
    });
    expect(await rowsOf(newest(feed))).toEqual([
      ['1', '-7', '0.10', '0.1', 'true', '2024-02-29', '2024-02-29 12:00:00.000001', '2024-02-29 10:00:00+00'].concat(
        'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
        '{"a": 1}',
        'é',
      ),
      ['2', ...Array.from({ length: 10 }, () => null)],
    ]);

    await feed.night({ 't.csv': of([]) });
    expect(await feed.approve()).toMatchObject({ state: 'published' });
    expect(Object.keys(await typesOf(newest(feed)))).toEqual(Object.keys(every));
    expect(await rowsOf(newest(feed))).toEqual([]);
  });

  test('current/ is of the last delivery with fewer partitions than a query could open', async () => {
    const few = tableOf({ id: { type: 'integer', key: true }, n: 'integer' }, { files: 'a.csv', guards });
    const many = { ...few, files: 'b.csv', lake: { partition_by: ['n'] } };
    const numbers = (count: number) => `id,n\n${Array.from({ length: count }, (_, n) => `${n},${n}\n`).join('')}`;
    const feed = await lab.feed(
      {},
      { 'a.csv': numbers(1), 'b.csv': numbers(1) },
      { engine, tables: { a: few, b: many } },
    );
    const before = await rowsOf(newest(feed, 'a'));

    const night = await feed.night({ 'a.csv': numbers(2), 'b.csv': numbers(1001) });

    expect(night.state).toBe('published');
    expect(lab.said.at(-1)).toBe(
      'tidying is left to the next run: b: 1,001 partitions by n; at most 1,000 are allowed',
    );
    expect(filesOf(feed)).toContain('a/nightfeed_date=2026-01-02/nightfeed_revision=1/rows-00000.parquet');
    expect(await rowsOf(newest(feed, 'a'))).toEqual(before);
    expect(await rowsOf(newest(feed, 'b'))).toHaveLength(1);
    expect(lab.shown.at(-1)?.delivery).toMatch(/2026-01-01$/);

    // Spark writes some fifty files a second.
    const allowed = engine === 'spark' ? 20 : 1000;
    await feed.night({ 'a.csv': numbers(3), 'b.csv': numbers(allowed) });
    expect(await rowsOf(newest(feed, 'a'))).toHaveLength(3);
    expect(await rowsOf(newest(feed, 'b'))).toHaveLength(allowed);
  });
});

describe('current/', () => {
  test('follows production, keeps the delivery before for queries that have begun, and no other', async () => {
    const feed = await lab.feed(table, { 't.csv': fileOf(rows) });
    for (const night of [rows.slice(3), rows.slice(5), rows.slice(9)]) {
      await feed.night({ 't.csv': fileOf(night) });
      expect(await rowsOf(newest(feed))).toEqual((await feed.rows()).sort((a, b) => (a[0]! < b[0]! ? -1 : 1)));
    }
    expect(lab.shown.at(-1)).toMatchObject({
      name: 't',
      folder: `current/${feed.feed.feed}/t/nightfeed_date=2026-01-04/nightfeed_revision=1/`,
      delivery: `${feed.feed.feed}/2026-01-04`,
    });
    const deliveries = new Set(
      filesOf(feed)
        .map((name) => /nightfeed_date=([\d-]+)|([\d-]+)\.json/.exec(name)!)
        .map(([, folder, told]) => folder ?? told),
    );
    expect([...deliveries].sort()).toEqual(['2026-01-03', '2026-01-04']);
  });

  test('a table without partitions is one file', async () => {
    const feed = await lab.feed(tableOf(columns, { guards }), { 't.csv': fileOf(rows) });
    expect(filesOf(feed).filter((name) => name.endsWith('.parquet'))).toEqual([
      't/nightfeed_date=2026-01-01/nightfeed_revision=1/rows-00000.parquet',
    ]);
  });

  test('what an attempt left that was killed before it told anybody is made anew', async () => {
    const feed = await lab.feed(table, { 't.csv': fileOf(rows) });
    const marker = join(lab.lake, 'current', feed.feed.feed, 'newest-delivery');
    rmSync(join(marker, '2026-01-01.json'));

    await lab.night(feed.feed, '2026-01-01', [], {});

    expect(readdirSync(marker)).toEqual(['2026-01-01.json']);
    expect(await rowsOf(newest(feed))).toHaveLength(rows.length);
  });

  test.each(['{"nightfeed_date":"20', 'null\n'])('so is a delivery whose object was cut to %j', async (damage) => {
    const feed = await lab.feed(table, { 't.csv': fileOf(rows) });
    const told = join(lab.lake, 'current', feed.feed.feed, 'newest-delivery', '2026-01-01.json');
    const sound = readFileSync(told, 'utf8');
    rmSync(told);
    writeFileSync(told, damage);

    await lab.night(feed.feed, '2026-01-01', [], {});

    expect(readFileSync(told, 'utf8')).toBe(sound);
    expect(await rowsOf(newest(feed))).toHaveLength(rows.length);
  });
});
