import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { NightfeedError } from '../../lib/core/errors.ts';
import { LocalEngine } from '../../lib/engines/engine.ts';
import { folderStore } from '../../lib/stores/folder/folder.ts';

let folder: string;
let scratch: string;
let engine: LocalEngine;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nightfeed-kept-'));
  scratch = join(folder, 'scratch');
  engine = new LocalEngine({ store: folderStore(folder), scratch, memory: '200MB', threads: 1 });
});
afterAll(async () => {
  await engine.close();
  await rm(folder, { recursive: true });
});

async function* of(...chunks: string[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield Buffer.from(chunk);
}

const read = (path: string) => `SELECT content AS text FROM read_text('${path}')`;
const options = 'FORMAT csv, HEADER false';

/** Files of this process that are kept now. */
async function kept(): Promise<string[]> {
  const own = (await readdir(scratch)).map((name) => join(scratch, name));
  const within = await Promise.all(own.map((path) => readdir(path)));
  return within.flat().filter((name) => name.startsWith('work-'));
}

test('a file is there for who asks, as rows and as text, until it is removed', async () => {
  const file = await engine.keepLocally(of('one', ' two'), 7);
  expect(file.size).toBe(7);
  expect(await file.ask(read(file.path))).toEqual([{ text: 'one two' }]);
  const pieces: Buffer[] = [];
  for await (const piece of file.copy(read(file.path), options)) pieces.push(piece);
  expect(Buffer.concat(pieces).toString()).toBe('one two\n');
  await file.remove();
  expect(await kept()).toEqual([]);
});

test('its reader reads nothing else and writes nowhere', async () => {
  const other = join(folder, 'other');
  await writeFile(other, 'secret');
  const file = await engine.keepLocally(of('x'), 1);
  await expect(file.ask(read(other))).rejects.toThrow('ermission');
  await expect(file.ask(`COPY (SELECT 1) TO '${other}'`)).rejects.toThrow('ermission');
  await expect(file.ask(`SET memory_limit = '9GB'`)).rejects.toThrow('locked');
  await expect(file.ask('LOAD httpfs')).rejects.toThrow('ermission');
  await file.remove();
});

test('a query that fails says so, before its text and within it', async () => {
  const file = await engine.keepLocally(of('x'), 1);
  const all = async (select: string) => {
    for await (const _piece of file.copy(select, options));
  };
  await expect(all('SELECT nothing')).rejects.toMatchObject({ name: 'ENGINE_FAILED' });
  await expect(
    all(`SELECT CASE WHEN i > 900000 THEN error('late') ELSE 'a' END FROM range(1000000) t(i)`),
  ).rejects.toThrow('late');
  await file.remove();
});

test('who stops reading leaves nothing behind', async () => {
  const file = await engine.keepLocally(of('x'), 1);
  for await (const _piece of file.copy('SELECT i FROM range(100000000) t(i)', options)) break;
  await file.remove();
  expect(await kept()).toEqual([]);
});

test('what has no room is refused before it comes, and a transfer that breaks leaves nothing', async () => {
  let isAsked = false;
  async function* asked(): AsyncGenerator<Buffer> {
    isAsked = true;
    yield Buffer.alloc(1);
  }
  await expect(engine.keepLocally(asked(), 1e15)).rejects.toMatchObject({
    name: 'ENGINE_EXHAUSTED',
    message: expect.stringMatching(/has 1000000000000000 bytes and has to lie in .* \d+ bytes are free there/),
  });
  expect(isAsked).toBe(false);
  async function* broken(): AsyncGenerator<Buffer> {
    yield Buffer.alloc(1);
    throw new NightfeedError('SOURCE_SHORT', 'cut');
  }
  await expect(engine.keepLocally(broken(), 2)).rejects.toMatchObject({ name: 'SOURCE_SHORT' });
  expect(await kept()).toEqual([]);
});

test('what a file says of its values is not believed', async () => {
  const path = join(folder, 'lies.parquet');
  const own = await (await DuckDBInstance.create(':memory:')).connect();
  await own.run(`COPY (SELECT CAST(11 AS BIGINT) AS c FROM range(3)) TO '${path}' (FORMAT parquet)`);
  const bytes = (await import('node:fs')).readFileSync(path);
  // The statistics in the footer are the last places of the value.
  const eleven = Buffer.from([11, 0, 0, 0, 0, 0, 0, 0]);
  for (let at = bytes.lastIndexOf(eleven), times = 0; times < 4; at = bytes.lastIndexOf(eleven, at - 1), times++)
    bytes[at] = 12;
  const file = await engine.keepLocally(of(), 0);
  await writeFile(file.path, bytes);
  const [found] = await file.ask(
    `SELECT count(*) AS n FROM (SELECT CASE WHEN c > 11 THEN 'lie' ELSE 'truth' END AS x FROM read_parquet('${file.path}')) WHERE x = 'truth'`,
  );
  expect(found).toEqual({ n: '3' });
  await file.remove();
});

test('a reader that says nothing is ended', async () => {
  const impatient = new LocalEngine({
    store: folderStore(folder),
    scratch,
    memory: '200MB',
    threads: 1,
    patienceMs: 3000,
  });
  const file = await impatient.keepLocally(of('x'), 1);
  const reading = async () => {
    for await (const _piece of file.copy(
      'SELECT count(*) FROM range(1000000) a, range(1000000) b WHERE a.range + b.range = 7',
      options,
    ));
  };
  await expect(reading()).rejects.toMatchObject({
    name: 'ENGINE_FAILED',
    message: expect.stringContaining('said nothing for 3 s'),
  });
  await file.remove();
  await impatient.close();
});
