import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { NO_PYTHON } from '../../lib/engines/spark/runtime/python-environment.ts';
import { pythonEnvironment, usablePython } from '../support/engines/python-environment.ts';
import { copyOwnFiles } from '../support/nights/own-files.ts';
import { freshDatabase } from '../support/postgres/postgres.ts';

const run = promisify(execFile);
const python = await usablePython();
const examples = fileURLToPath(new URL('../../examples', import.meta.url));
const program = fileURLToPath(new URL('../../bin/nightfeed.ts', import.meta.url));

/** Two nights with deliveries, of which the second is held, and one without. */
const dates = ['2026-11-19', '2026-11-20', '2026-11-21'];

/** The example's nights in the real program: what it says of them, and how often it called nightfeed for each date. */
async function nights(name: 'airflow' | 'dagster') {
  const folder = await mkdtemp(join(tmpdir(), `nightfeed-${name}-`));
  onTestFinished(() => rm(folder, { recursive: true }));
  const database = await freshDatabase();
  onTestFinished(() => database.drop());
  const feeds = join(folder, 'feeds');
  await copyOwnFiles(feeds);
  const feed = join(feeds, 'feed.yaml');
  await writeFile(feed, `${await readFile(feed, 'utf8')}    guards: {gone: 1%, min_changed: 0}\n`);
  const calls = join(folder, 'calls');
  const command = join(folder, 'nightfeed');
  const called = `#!/bin/sh\necho "$*" >> ${calls}\nexec ${process.execPath} ${program} "$@"\n`;
  await writeFile(command, called, { mode: 0o755 });
  const requirements = new URL(`${name}-requirements.txt`, import.meta.url);
  const interpreter = await pythonEnvironment(name, [requirements]);
  const { stdout } = await run(
    interpreter!,
    [fileURLToPath(new URL(`${name}_nights.py`, import.meta.url)), join(examples, name), ...dates],
    {
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        AIRFLOW_HOME: join(folder, 'airflow'),
        DAGSTER_HOME: folder,
        NIGHTFEED_FEED: feed,
        NIGHTFEED_COMMAND: command,
        NIGHTFEED_DATABASE_URL: database.url,
      },
      cwd: folder,
    },
  );
  const lines = (await readFile(calls, 'utf8')).trimEnd().split('\n');
  const times = dates.map((date) => lines.filter((line) => line === `run ${feed} --date ${date} --json`).length);
  expect(times.reduce((sum, each) => sum + each, 0)).toBe(lines.length);
  return { told: JSON.parse(stdout.trimEnd().split('\n').at(-1)!), times };
}

describe.skipIf(python === undefined)(
  `the examples in the real programs${python ? '' : ` (skipped: ${NO_PYTHON})`}`,
  () => {
    test('Airflow: published is success, held fails once, late is tried again', async () => {
      const { told, times } = await nights('airflow');
      expect(told).toMatchObject([
        { date: '2026-11-19', state: 'success', result: { run: 'shop/2026-11-19', state: 'published' } },
        { date: '2026-11-20', state: 'failed', result: null },
        { date: '2026-11-21', state: 'failed', result: null },
      ]);
      expect(times).toEqual([1, 1, 2]);
    });

    test('Dagster: published materializes each table with its numbers, held fails once, late is tried again', async () => {
      const { told, times } = await nights('dagster');
      expect(told.at).toEqual(['2026-11-19']);
      expect(told.found).toMatchObject([
        { success: true, tables: { products: { run: 'shop/2026-11-19', state: 'published', rows: 5, inserted: 5 } } },
        { success: false, tables: {} },
        { success: false, tables: {} },
      ]);
      expect(times).toEqual([1, 1, 2]);
    });
  },
);
