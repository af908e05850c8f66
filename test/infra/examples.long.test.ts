import { execFile } from 'node:child_process';
import { globSync } from 'node:fs';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loginKinds } from '../../lib/core/cloud/logins.ts';
import { type Resource, resourcesOf, type Template } from './synthesised.ts';

const execute = promisify(execFile);
const root = fileURLToPath(new URL('../../', import.meta.url));
const apps = globSync('examples/*/app.ts', { cwd: root }).sort();

/** What the package exports, in the source. */
const exported = { 'nightfeed/feed': 'lib/feed-file/feed.ts', 'nightfeed/infra': 'lib/infra/index.ts' };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nightfeed-examples-'));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('CDK apps in examples/', () => {
  test('are these', () => {
    expect(apps.map((path) => basename(dirname(path)))).toEqual(['own-stack', 'own-watch']);
  });

  test('compile under `strict`', async () => {
    const paths = Object.fromEntries(Object.entries(exported).map(([name, path]) => [name, [join(root, path)]]));
    const config = {
      extends: join(root, 'tsconfig.json'),
      // CDK's own classes do not fit its interfaces under exactOptionalPropertyTypes.
      compilerOptions: { paths, exactOptionalPropertyTypes: false },
      include: [],
      files: apps.map((path) => join(root, path)),
    };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
    await expect(execute(join(root, 'node_modules/.bin/tsc'), ['-p', folder])).resolves.toMatchObject({ stdout: '' });
  });

  test('own-stack synthesises: a night, its functions and its schedule', async () => {
    const template = await synthesised('own-stack', 'Shop');
    for (const type of ['AWS::StepFunctions::StateMachine', 'AWS::ECS::Cluster', 'AWS::SNS::Topic'])
      expect(resourcesOf(template, type), type).toHaveLength(1);
    expect(resourcesOf(template, 'AWS::Lambda::Function').length).toBeGreaterThan(9);
  });

  test('own-watch synthesises with what it brings, and makes none of it again', async () => {
    const template = await synthesised('own-watch', 'Watched');
    const only = (type: string) => resourcesOf(template, type).map(({ id }) => id.replace(/[0-9A-F]{8}$/, ''));
    expect(only('AWS::ECS::Cluster')).toEqual(['Cluster']);
    expect(only('AWS::KMS::Key')).toEqual(['Key']);
    expect(only('AWS::SNS::Topic')).toEqual([]);
    expect(only('AWS::Logs::LogGroup').filter((id) => !/NightLog|Ledger/.test(id))).toEqual(['Log']);
    const own = ({ id }: { readonly id: string }) => /^Catalog/.test(id);
    const roles = resourcesOf(template, 'AWS::IAM::Role').filter(own);
    expect(roles.length).toBeGreaterThan(15);
    for (const { id, Properties } of roles)
      expect(Properties.PermissionsBoundary, id).toEqual({ Ref: expect.stringMatching(/^Boundary/) });
    const secrets = resourcesOf(template, 'AWS::SecretsManager::Secret').filter(own);
    expect(secrets).toHaveLength(loginKinds.length);
    for (const { Properties } of secrets) expect(JSON.stringify(Properties.KmsKeyId)).toContain('"Key');
    for (const { id, Properties } of resourcesOf(template, 'AWS::Lambda::Function').filter(({ id }) =>
      /^CatalogFunctions/.test(id),
    ))
      expect(Properties.LoggingConfig.LogGroup, id).toEqual({ Ref: expect.stringMatching(/^Log[0-9A-F]{8}$/) });
    const alarms = resourcesOf(template, 'AWS::CloudWatch::Alarm');
    const ours = alarms.filter(({ Properties }) => Properties.AlarmName !== undefined);
    expect(ours.length).toBeGreaterThan(5);
    for (const { Properties } of ours) expect(Properties.AlarmActions, Properties.AlarmName).toHaveLength(2);
    expect(longNight(alarms)).toMatchObject({ MetricName: 'ExecutionTime', Threshold: 4 * 3600 * 1000 });
  });
});

const longNight = (alarms: readonly (Resource & { readonly id: string })[]) =>
  alarms.find(({ id }) => id.startsWith('LongNight'))!.Properties;

/** Runs an app as `cdk synth` does, with the package's exports from the source, and without making bundles. */
async function synthesised(name: string, stack: string): Promise<Template> {
  const out = join(folder, name);
  const hook = `import { registerHooks } from 'node:module';
    const exported = ${JSON.stringify(exported)};
    registerHooks({ resolve: (specifier, context, next) => next(specifier in exported ? new URL(exported[specifier], 'file://${root}').href : specifier, context) });`;
  await execute(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(hook)}`, join(root, `examples/${name}/app.ts`)],
    {
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        CDK_OUTDIR: out,
        CDK_CONTEXT_JSON: '{"aws:cdk:bundling-stacks": []}',
      },
    },
  );
  return JSON.parse(await readFile(join(out, `${stack}.template.json`), 'utf8'));
}
