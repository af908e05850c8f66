import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { failureAnswer } from '../../../bin/cli/output/failure-answer.ts';
import { errorKinds } from '../../../lib/core/error-kinds.ts';
import { describeInFull } from '../../support/full.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const feed = join(root, 'examples/own-files/feed.yaml');
/** Under npm's cache folder of the clone, as all that tests fetch. */
const floor = join(root, 'node_modules/.cache/node-floor');
const FETCH_MS = 120_000;

const { engines } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));

test.each(['18.20.4', '20.20.2', '22.21.9'])('Node %s is told at once that it is too old', async (version) => {
  const { code, stdout, stderr } = await nightfeed(['status', '--json'], { env: pretending(version) });

  const message = `this is Node ${version}; nightfeed needs ${engines.node.slice(2)} or newer`;
  const error = { name: 'NODE_VERSION', message, hint: errorKinds.NODE_VERSION.hint };
  expect(code).toBe(2);
  expect(JSON.parse(stdout)).toEqual(failureAnswer(null, error));
  expect(stderr).toBe(`NODE_VERSION  ${message}\n  ${error.hint}\n`);
});

test.each(['22.22.0', '23.0.0', '24.0.0'])('Node %s is new enough', async (version) => {
  expect(await nightfeed(['--version'], { env: pretending(version) })).toMatchObject({ code: 0, stderr: '' });
});

test('npx nightfeed works in a clone', async () => {
  const { code, stdout } = await run('npx', ['nightfeed', 'validate', feed], { cwd: root });
  expect([code, stdout]).toEqual([0, expect.stringContaining('feed shop is valid')]);
});

describeInFull('the oldest Node that is supported, itself', () => {
  const node = join(floor, 'node_modules/.bin/node');
  beforeAll(async () => {
    await mkdir(floor, { recursive: true });
    for (const file of ['package.json', 'package-lock.json'])
      await copyFile(join(root, 'test/support/node-floor', file), join(floor, file));
    await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'], { cwd: floor });
  }, FETCH_MS);

  test('is the one of package.json', async () => {
    expect((await run(node, ['--version'])).stdout).toBe(`v${engines.node.slice(2)}.0\n`);
  });

  test('runs a night without a warning', async () => {
    const { freshDatabase } = await import('../../support/postgres/postgres.ts');
    const database = await freshDatabase();
    try {
      const home = join(floor, 'home');
      const env = { NIGHTFEED_DATABASE_URL: database.url, NIGHTFEED_HOME: home };
      const ended = await nightfeed(['run', feed, '--date', '2026-11-19', '--json'], { env, node });
      expect(ended.stderr).not.toMatch(/Warning/);
      expect(JSON.parse(ended.stdout)).toMatchObject({ state: 'published' });
    } finally {
      await database.drop();
    }
  });
});

const pretending = (version: string) => ({
  NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(
    `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`,
  )}`,
});

function nightfeed(args: readonly string[], { env = {}, node = process.execPath } = {}) {
  return run(node, [join(root, 'bin/nightfeed.mjs'), ...args], { env });
}

function run(command: string, args: readonly string[], { env = {}, cwd = root } = {}) {
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(command, args, { cwd, env: { ...process.env, ...env } }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}
