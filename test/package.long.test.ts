import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copyOwnFiles } from './support/nights/own-files.ts';
import { freshDatabase } from './support/postgres/postgres.ts';

const execute = promisify(execFile);
const root = fileURLToPath(new URL('..', import.meta.url));
/** Packing compiles, and the dependencies may come over the network. */
const MINUTES = 60_000;
/** Of the environment nothing else: what the way to the registry may ask for. */
const INHERITED = ['HOME', 'NODE_EXTRA_CA_CERTS', 'HTTPS_PROXY', 'NO_PROXY'];

describe('the npm package, installed in a folder of its own', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nightfeed-package-'));
    const packed = join(folder, 'packed');
    await mkdir(packed);
    await run(root, 'npm', 'pack', '--ignore-scripts=false', '--pack-destination', packed);
    const [tarball] = await readdir(packed);
    await writeFile(join(folder, 'package.json'), '{"type": "module", "private": true}');
    await run(
      folder,
      'npm',
      'install',
      '--ignore-scripts',
      '--prefer-offline',
      '--no-audit',
      '--no-fund',
      join(packed, tarball!),
    );
  }, 4 * MINUTES);
  afterAll(() => rm(folder, { recursive: true }));

  test('npx nightfeed --help, --version', async () => {
    expect(await run(folder, 'npx', 'nightfeed', '--help')).toContain('Usage: nightfeed');
    expect(await run(folder, 'npx', 'nightfeed', '--version')).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test('npx nightfeed validate and run, with a database', async () => {
    await copyOwnFiles(join(folder, 'own'));
    expect(await run(folder, 'npx', 'nightfeed', 'validate', 'own/feed.yaml')).toContain('feed shop is valid');
    const database = await freshDatabase();
    try {
      const env = { NIGHTFEED_DATABASE_URL: database.url };
      const answer = await runWith(
        env,
        folder,
        'npx',
        'nightfeed',
        'run',
        'own/feed.yaml',
        '--date',
        '2026-11-19',
        '--json',
      );
      expect(JSON.parse(answer)).toMatchObject({ state: 'published', tables: { products: { inserted: 5 } } });
    } finally {
      await database.drop();
    }
  });

  test('types and schema of the feed file', async () => {
    const feed = `{ feed: 'shop', source: { folder: '.' }, tables: { items: { files: '*', columns: { id: { type: 'bigint', key: true } } } } }`;
    await writeFile(
      join(folder, 'consumer.ts'),
      `import { type Feed, feedSchema } from 'nightfeed/feed';
       import schema from 'nightfeed/feed.schema.json' with { type: 'json' };
       const feed: Feed = feedSchema.parse(${feed});
       // @ts-expect-error: it is text
       const wrong: number = feed.feed;
       process.stdout.write([schema.type, wrong, feed.ready.stable].join());`,
    );
    const options = [
      '--strict',
      '--noEmit',
      '--module',
      'nodenext',
      '--resolveJsonModule',
      '--types',
      'node',
      '--typeRoots',
      join(root, 'node_modules/@types'),
    ];
    await run(folder, join(root, 'node_modules/.bin/tsc'), ...options, 'consumer.ts');
    expect(await run(folder, process.execPath, 'consumer.ts')).toBe('object,shop,60');
  });

  test('the construct, in a CDK app of somebody', async () => {
    const app = join(folder, 'own-stack');
    await cp(join(root, 'examples/own-stack'), app, { recursive: true });
    for (const peer of ['aws-cdk-lib', 'constructs'])
      await symlink(join(root, 'node_modules', peer), join(folder, 'node_modules', peer));
    const options = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2024', '--skipLibCheck'];
    const types = ['--types', 'node', '--typeRoots', join(root, 'node_modules/@types')];
    await run(app, join(root, 'node_modules/.bin/tsc'), ...options, ...types, 'app.ts');
    const out = join(folder, 'cdk.out');
    await runWith({ CDK_OUTDIR: out }, app, process.execPath, 'app.ts');
    const { Resources } = JSON.parse(await readFile(join(out, 'Shop.template.json'), 'utf8'));
    const found = Object.values<{ Type: string }>(Resources).map(({ Type }) => Type);
    expect(found.filter((type) => type === 'AWS::Lambda::Function')).toHaveLength(13);
    expect(found).toContain('AWS::StepFunctions::StateMachine');
    // Functions and image come with the package.
    const assets = (await readdir(out)).filter((name) => /^asset\.[0-9a-f]{64}$/.test(name));
    const files = await Promise.all(assets.map((name) => readdir(join(out, name), { recursive: true })));
    expect(files.flat()).toEqual(
      expect.arrayContaining([
        'index.mjs',
        'sql/migrations/0001_ledger.sql',
        'bin/task.js',
        'bin/task.Dockerfile',
        'package-lock.json',
      ]),
    );
  });

  test('holds what runs and what explains, and nothing else', async () => {
    const files = await readdir(join(folder, 'node_modules/nightfeed'), { recursive: true });
    const rooms = new Set(files.map((file) => file.split('/').slice(0, 2).join('/')));
    const pages = globSync('docs/*.md', { cwd: root }).sort();
    expect([...rooms].sort()).toEqual([
      'LICENSE',
      'README.md',
      'bin',
      'bin/nightfeed.mjs',
      'dist',
      'dist/bin',
      'dist/feed.schema.json',
      'dist/functions',
      'dist/glue-jobs',
      'dist/lambdas',
      'dist/lib',
      'dist/package-lock.json',
      'dist/package.json',
      'dist/sql',
      'docs',
      ...pages,
      'examples',
      'examples/own-files',
      'package.json',
    ]);
  });
});

const run = (cwd: string, command: string, ...args: string[]) => runWith({}, cwd, command, ...args);

/** Standard output of a command that has to succeed; `node` is the one of this project. */
async function runWith(env: Record<string, string>, cwd: string, command: string, ...args: string[]): Promise<string> {
  const inherited = Object.fromEntries(INHERITED.map((name) => [name, process.env[name]]));
  const PATH = `${dirname(process.execPath)}:${process.env.PATH}`;
  const { stdout } = await execute(command, args, { cwd, env: { ...inherited, PATH, ...env }, maxBuffer: 1e8 });
  return stdout;
}
