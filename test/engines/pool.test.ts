import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DuckDbPool } from '../../lib/engines/duckdb/pool.ts';
import type { DuckDbSession } from '../../lib/engines/duckdb/session.ts';
import { folderStore } from '../../lib/stores/folder/folder.ts';

let folder: string;
let pool: DuckDbPool;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nightfeed-workbench-'));
  pool = new DuckDbPool({ store: folderStore(folder), scratch: join(folder, 'scratch'), memory: '200MB', threads: 2 });
});
afterAll(async () => {
  await pool.close();
  await rm(folder, { recursive: true });
});

const threads = async (session: DuckDbSession) =>
  Number((await session.run(`SELECT current_setting('threads') AS n`))[0]!.n);

test('work in a schema may have fewer threads; whoever comes next has all', async () => {
  expect(await pool.inSchema(threads, 1)).toBe(1);
  expect(await pool.inSchema(threads)).toBe(2);
  await expect(pool.inSchema((session) => session.run('SELECT nothing'), 1)).rejects.toThrow('nothing');
  expect(await threads((await pool.session()).session)).toBe(2);
});

test('nothing but the number of threads can be set', async () => {
  const { session } = await pool.session();

  await expect(session.run(`SET memory_limit = '1GB'`)).rejects.toThrow('locked');
  await expect(session.run(`SET allowed_configs = ['memory_limit']`)).rejects.toThrow('locked');
});

test('too little memory has a name of its own', async () => {
  const { session } = await pool.session();
  await expect(
    session.run(`SELECT length(string_agg(repeat('x', 1000000), '')) FROM range(1000)`),
  ).rejects.toMatchObject({
    name: 'ENGINE_EXHAUSTED',
    hint: expect.stringContaining('more memory'),
  });
});

test('statements told at once are done in their order, up to the first that fails, which is the one told of', async () => {
  const { session } = await pool.session();

  const answers = await session.runAll(['CREATE TABLE t AS SELECT 1 AS x', 'UPDATE t SET x = 2', 'SELECT x FROM t']);
  expect(answers[2]).toEqual([{ x: 2 }]);
  const failing = session.runAll(['DROP TABLE t', 'SELECT x FROM t', 'CREATE TABLE u AS SELECT 1 AS y']);
  await expect(failing).rejects.toMatchObject({ name: 'ENGINE_FAILED', details: { sql: 'SELECT x FROM t' } });
  await expect(session.run('SELECT y FROM u')).rejects.toThrow('u does not exist');
});
