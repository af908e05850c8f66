import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { globSync, readFileSync } from 'node:fs';
import { chmod, copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const run = promisify(execFile);
/** What the way to the registry may ask for. */
const INHERITED = ['HOME', 'NODE_EXTRA_CA_CERTS', 'HTTPS_PROXY', 'NO_PROXY'];
const root = fileURLToPath(new URL('..', import.meta.url));
const text = (path: string) => readFile(join(root, path), 'utf8');

interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly inBundle?: boolean;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
  readonly optional?: boolean;
}

const lock: { packages: Record<string, Locked> } = JSON.parse(await text('package-lock.json'));
const packages = Object.entries(lock.packages);
const manifest = JSON.parse(await text('package.json'));
const nodes: Record<string, string> = JSON.parse(await text('bin/node/package.json')).optionalDependencies;

describe('package-lock.json', () => {
  test('has a hash of everything that is fetched, for every platform', () => {
    // What lies in another package's archive is in that one's hash; folders of this repository are not fetched.
    const bundler = (path: string) =>
      packages.findLast(([other]) => path.startsWith(`${other}/node_modules/`) && other);
    const bare = packages.filter(
      ([path, { integrity, inBundle, link }]) =>
        path.includes('node_modules/') && !link && !(inBundle ? bundler(path)?.[1] : { integrity })?.integrity,
    );
    expect(bare.map(([path]) => path)).toEqual([]);
    expect(lock.packages['node_modules/@duckdb/node-bindings-linux-arm64']?.integrity).toMatch(/^sha512-/);
  });

  test('names no registry but npm’s, whatever mirror it was written behind', () => {
    const addresses = packages.flatMap(([, { resolved, link }]) => (resolved && !link ? [resolved] : []));
    expect(addresses.filter((address) => !address.startsWith('https://registry.npmjs.org/'))).toEqual([]);
  });

  test('has Node for each platform, as packages that need no script', () => {
    expect(nodes[`node-${process.platform}-${process.arch}`]).toBe(process.versions.node);
    for (const [name, version] of Object.entries(nodes)) {
      const locked = lock.packages[`node_modules/${name}`];
      expect(locked, name).toMatchObject({ version, optional: true });
      expect(locked?.hasInstallScript, name).toBeUndefined();
      expect(version, name).toMatch(/^(22\.(2[2-9]|[3-9]\d)|2[3-9])\./);
    }
  });
});

describe('scripts of packages', () => {
  test('do not run, whoever installs', async () => {
    expect(await text('.npmrc')).toMatch(/^ignore-scripts=true$/m);
    expect(await text('bin/install.mjs')).toContain("'--ignore-scripts'");
  });

  test('are refused by name, one by one', () => {
    const named = packages.flatMap(([path, { hasInstallScript }]) =>
      hasInstallScript ? [path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)] : [],
    );
    expect(manifest.allowScripts).toEqual(Object.fromEntries([...new Set(named)].map((name) => [name, false])));
  });
});

test('each file of Python requirements has a version and a hash of everything', async () => {
  const files = globSync('{glue-jobs,test}/**/*requirements.txt', { cwd: root });
  expect(files.length).toBeGreaterThanOrEqual(5);
  for (const file of files) {
    const requirements = (await text(file))
      .replaceAll('\\\n', ' ')
      .split('\n')
      .filter((line) => /^[^#\s-]/.test(line));
    const bare = requirements.filter((line) => !/^[\w.-]+==\S+ .*--hash=sha256:[0-9a-f]{64}/.test(line));
    expect(bare, file).toEqual([]);
  }
});

test('the jars of the tests have a SHA-256 each', async () => {
  const jars = (await text('test/support/engines/hadoop-aws.sha256')).trimEnd().split('\n');
  expect(jars.filter((line) => !/^[0-9a-f]{64} {2}[\w./-]+\.jar$/.test(line))).toEqual([]);
});

test('no file names a registry of its own', async () => {
  expect(await text('.npmrc')).not.toMatch(/registry *=|\/\//);
  for (const file of globSync('{glue-jobs,test}/**/*requirements.txt', { cwd: root }))
    expect(await text(file), file).not.toMatch(/^--(index-url|extra-index-url|find-links)|:\/\/(?!pypi\.org)/m);
});

describe('the image of the tasks', async () => {
  const dockerfile = await text('bin/task.Dockerfile');

  test('is built on what is pinned', () => {
    const defaults = new Map([...dockerfile.matchAll(/^ARG (\w+)=(.+)$/gm)].map(([, name, value]) => [name, value]));
    const resolve = (line: string) => line.replace(/\$\{(\w+)\}/g, (_all, name) => defaults.get(name) ?? '');
    const lines = dockerfile.replaceAll('\\\n', ' ').split('\n').map(resolve);
    const bases = lines.filter((line) => line.startsWith('FROM '));
    expect(bases).toHaveLength(2);
    for (const base of bases) expect(base).toMatch(/ node:\S+@sha256:[0-9a-f]{64}( |$)/);
    const fetched = lines.filter((line) => line.startsWith('ADD '));
    expect(fetched).toHaveLength(1);
    for (const line of fetched) expect(line).toMatch(/ --checksum=sha256:[0-9a-f]{64} /);
  });

  test('gets its modules from the lock, by its own command, and the list of parts names each with its hash', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'nightfeed-modules-'));
    try {
      for (const file of ['package.json', 'package-lock.json']) await copyFile(join(root, file), join(folder, file));
      const [, command] = /^RUN (.*)$/m.exec(dockerfile.replaceAll('\\\n', ' '))!;
      const PATH = `${dirname(process.execPath)}${delimiter}${process.env.PATH}`;
      const inherited = Object.fromEntries(INHERITED.map((name) => [name, process.env[name]]));
      const env = { ...inherited, PATH, TARGETARCH: 'arm64', npm_config_prefer_offline: 'true' };
      await run('sh', ['-c', command!.replace('mkdir /scratch', 'true')], { cwd: folder, env });

      const { components } = JSON.parse(await readFile(join(folder, 'sbom.cdx.json'), 'utf8'));
      const installed = globSync('node_modules/**/package.json', { cwd: folder })
        .filter((path) => /(^|\/)node_modules\/(@[^/]+\/)?[^/]+\/package\.json$/.test(path))
        .map((path) => JSON.parse(readFileSync(join(folder, path), 'utf8')))
        .map(({ name, version }) => `${name}@${version}`);
      expect(components.map((part: { 'bom-ref': string }) => part['bom-ref']).sort()).toEqual(installed.sort());
      expect(components.filter((part: { hashes?: unknown }) => !part.hashes)).toEqual([]);
      expect(installed.join()).toMatch(/@duckdb\/node-bindings-linux-arm64@.*,zod@/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('.ci/advisories.ts', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nightfeed-advisories-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const found = (severity: string) => ({
    vulnerabilities: {
      ssh2: { via: [{ url: 'https://github.com/advisories/GHSA-1', title: 'It lets anybody in', severity }] },
      'ssh2-user': { via: ['ssh2'] },
    },
  });
  const clean = { vulnerabilities: {} };
  const known = { vulnerabilities: [{ id: 'PYSEC-1', summary: 'It runs anything', details: '', withdrawn: null }] };
  const withdrawn = { vulnerabilities: [{ ...known.vulnerabilities[0], withdrawn: '2026-01-01' }] };

  test.each([
    ['none', clean, { vulnerabilities: [] }, 0, 'npm packages: 0 grave'],
    ['a high one of an npm package', found('high'), known, 1, 'npm packages: ssh2: GHSA-1: It lets anybody in'],
    ['a moderate one', found('moderate'), withdrawn, 0, 'npm packages: 0 grave'],
    ['one of a Python package', clean, known, 1, 'Python package shop: shop: PYSEC-1: It runs anything'],
    [
      'a registry that has none',
      { message: '404 Not Found' },
      {},
      0,
      'npm packages: NOT CHECKED, the registry answers',
    ],
    ['no answer at all', '', undefined, 0, 'Python package shop: NOT CHECKED, the registry answers'],
  ])('%s', async (_title, npm, pypi, code, words) => {
    await writeFile(join(folder, 'answer'), npm === '' ? '' : JSON.stringify(npm));
    await writeFile(join(folder, 'npm'), `#!/bin/sh\ncat ${folder}/answer\nexit 1\n`);
    await chmod(join(folder, 'npm'), 0o755);
    await writeFile(join(folder, 'requirements.txt'), 'shop==1.0 --hash=sha256:00\n');
    const server = createServer((request, response) => {
      const isKnown = request.url === '/pypi/shop/1.0/json' && pypi;
      response.writeHead(isKnown ? 200 : 404).end(JSON.stringify(pypi));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const args = ['--pypi', `http://127.0.0.1:${port}`, '--requirements', join(folder, 'requirements.txt')];
    const env = { PATH: `${folder}${delimiter}${dirname(process.execPath)}${delimiter}${process.env.PATH}` };
    const outcome = await new Promise<{ code: unknown; stdout: string }>((done) =>
      execFile(process.execPath, [join(root, '.ci/advisories.ts'), ...args], { env }, (error, stdout) =>
        done({ code: error?.code ?? 0, stdout }),
      ),
    );
    server.close();
    expect(outcome).toMatchObject({ code, stdout: expect.stringContaining(words) });
  });
});
