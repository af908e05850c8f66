import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { cloudNames } from '../../../lib/core/cloud/cloud-names.ts';
import type { ContainerName } from '../../../lib/core/workflow/processes.ts';
import { codeRoot, taskImage } from '../../../lib/infra/code.ts';
import { stackNames } from '../../../lib/infra/names.ts';
import type { StartOn } from '../../../lib/infra/start-on.ts';
import { withLock } from '../../../lib/local/file-lock.ts';
import type { Aws } from './aws.ts';
import { queryAws } from './aws-request.ts';
import { standIn } from './localstack.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const run = promisify(execFile);

const PATH = [dirname(process.execPath), join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter);

export interface Stage {
  readonly name: string;
  readonly feed: string;
  /** As in nightfeed.config.yaml. */
  readonly database: { host: string; port: number; dbname: string; owner_secret: string };
  readonly start?: StartOn | undefined;
}

/**
 * `cdk bootstrap` and `cdk deploy` of one feed's lake and pipeline with bin/app.ts, from a configuration file in `folder`.
 * Two things are not as in an account: there is no image, because stand-ins are the containers, and a second tries again what
 * elsewhere waits for minutes.
 */
export async function deployStage(aws: Aws, folder: string, { name, feed, database, start }: Stage): Promise<void> {
  const config = {
    stage: name,
    region: aws.client.region,
    feeds: [{ file: 'feed.yaml', start }],
    network: { existing: await networkOf(aws) },
    database: { existing: database },
    recipients: ['night@example.com'],
  };
  await writeFile(join(folder, 'feed.yaml'), feed);
  await writeFile(join(folder, 'nightfeed.config.yaml'), JSON.stringify(config));
  const output = join(folder, 'cdk.out');
  const cdk = cdkOf(aws, folder);
  await Promise.all([cdk('synth', '--quiet', '--output', output), bootstrap(aws, folder)]);
  await adapt(output);
  const stacks = [stackNames.lake(name), stackNames.pipeline(name, 'shop')];
  await cdk('deploy', ...stacks, '--app', output, '--require-approval', 'never', '--progress', 'events');
}

/** The CDK's command line, for `nightfeed.config.yaml` in a folder. */
export function cdkOf(aws: Aws, folder: string) {
  const NIGHTFEED_CONFIG = join(folder, 'nightfeed.config.yaml');
  return (...args: string[]) =>
    run('cdk', [...args, '--no-color', '--no-notices'], {
      cwd: root,
      env: { ...aws.environment, PATH, HOME: folder, NIGHTFEED_CONFIG, CDK_DISABLE_CLI_TELEMETRY: 'true' },
      maxBuffer: 1 << 24,
    });
}

/** Files of a test run share the account, and are at work at the same time. */
export async function bootstrap(aws: Aws, folder: string): Promise<void> {
  const locks = join(aws.folder!, 'bootstrap');
  await mkdir(locks, { recursive: true });
  const account = `aws://000000000000/${aws.client.region}`;
  await withLock(locks, () => cdkOf(aws, folder)('bootstrap', account, '--output', join(folder, 'bootstrap.out')));
}

/** A network that every account has: its default one. */
export async function networkOf(aws: Aws): Promise<{ vpc_id: string; subnet_ids: string[] }> {
  const subnets = await queryAws(aws, 'ec2', { Action: 'DescribeSubnets', Version: '2016-11-15' });
  const [vpc, subnet] = ['vpcId', 'subnetId'].map((tag) => new RegExp(`<${tag}>([^<]+)`).exec(subnets)?.[1]);
  return { vpc_id: vpc!, subnet_ids: [subnet!] };
}

/** Leaves out the image, and makes the intervals of retries a second, unless they stay as they are deployed. */
export async function adapt(output: string, intervals: 'short' | 'as deployed' = 'short'): Promise<void> {
  for (const file of await readdir(output)) {
    const path = join(output, file);
    if (file.endsWith('.assets.json')) {
      const manifest = JSON.parse(await readFile(path, 'utf8'));
      await writeFile(path, JSON.stringify({ ...manifest, dockerImages: {} }));
    }
    if (intervals === 'short' && file.endsWith('.template.json')) {
      const template = await readFile(path, 'utf8');
      await writeFile(path, template.replaceAll(/(?<=\\"IntervalSeconds\\":)\d+/g, '1'));
    }
  }
}

/** What runs in the containers of a process from now on: the shell's `script`, and then the container's command. */
export type Meddle = (name: ContainerName, script: string) => Promise<void>;

/** Containers as ECS would start them, with the files of the image and nothing of this process's environment. */
export async function startContainers(aws: Aws, folder: string, stage: string, feed = 'shop'): Promise<Meddle> {
  const image = join(folder, 'image');
  for (const file of taskImage.files) await cp(join(codeRoot, file), join(image, file), { recursive: true });
  await symlink(join(root, 'node_modules'), join(image, 'node_modules'));
  // Where the image has /scratch.
  const place = [`PATH=${PATH}`, ...['NIGHTFEED_SCRATCH', 'TMPDIR', 'HOME'].map((name) => `${name}=${folder}`)];
  const meddle: Meddle = (name, script) =>
    standIn({ folder: aws.folder! }, `task/${cloudNames(stage, feed).function(name)}`, {
      command: ['env', ...place, 'sh', '-c', `${script}\nexec "$@"`, name],
      cwd: image,
    });
  for (const name of ['intake', 'pull', 'diff', 'diff-glue', 'publish', 'tidy', 'plan', 'show', 'release'] as const)
    await meddle(name, '');
  return meddle;
}

/** The lake of a stage, as its stack says. */
export async function bucketOf(aws: Aws, stage: string): Promise<string> {
  const request = { Action: 'DescribeStacks', Version: '2010-05-15', StackName: stackNames.lake(stage) };
  return /<OutputValue>([^<]+)/.exec(await queryAws(aws, 'cloudformation', request))![1]!;
}
