import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import type { Context } from 'aws-lambda';
import { onTestFinished } from 'vitest';
import { parseFeed } from '../../lib/adapters/feed-file/yaml.ts';
import { s3Store } from '../../lib/adapters/store/s3.ts';
import { canonicalJson, contentHash } from '../../lib/core/feed/reading-spec.ts';
import { cloudNames } from '../../lib/core/run/cloud-names.ts';
import type { ErrandKind } from '../../lib/core/run/errand.ts';
import { keys } from '../../lib/core/run/keys.ts';
import type { RunMessage } from '../../lib/core/run/message.ts';
import type { TaskName } from '../../lib/core/run/steps.ts';
import type { Store } from '../../lib/steps/ports.ts';
import type { Aws } from './aws.ts';
import { freshBucket } from './bucket.ts';
import { startFtpServer } from './ftp-server.ts';
import type { NightLab } from './night-lab.ts';
import { feedFile } from './night-vendor.ts';
import { openWebHook } from './web-hook.ts';

export const names = cloudNames('test', 'shop');
export const context = {
  functionName: names.operator,
  invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${names.operator}`,
} as Context;

/** What a deployment gives to functions and tasks, in an emulator, beside a lab's vendor and database. */
export interface Deployed {
  readonly environment: Readonly<Record<string, string>>;
  readonly feedKey: string;
  readonly store: Store;
  /** Values of all secrets: none may be anywhere else. */
  readonly secrets: readonly string[];
  /** Bodies that SNS posted to a web hook. */
  readonly received: readonly RunMessage[];
  /** A task's container. */
  task(
    name: TaskName | 'plan' | ErrandKind,
    run: string,
    execution: string,
    more?: Record<string, string>,
  ): Promise<{ code: number | null; log: string }>;
}

export async function deployTo(aws: Aws, lab: NightLab): Promise<Deployed> {
  const id = randomUUID().slice(0, 8);
  const [vendor, loader] = [`canary-of-vendor-${id}`, `canary-of-loader-${id}`];
  const ftp = await startFtpServer({ root: join(lab.folder, 'vendor'), users: { vendor } });
  const bucket = await freshBucket(aws);
  onTestFinished(async () => {
    await ftp.close();
    await bucket.remove();
  });
  const store = s3Store(bucket.name, aws.client);
  const source = `{ftp: {host: 127.0.0.1, port: ${ftp.port}, user: vendor, password: "secret:vendor-${id}#password", path: "/{date}"}}\nready: {stable: 0s}`;
  const feed = parseFeed(feedFile(source), 'feed.yaml');
  const feedKey = keys.feed('shop', contentHash(feed).slice(0, 16));
  await store.create(feedKey, canonicalJson(feed));

  const vault = new SecretsManagerClient(aws.client);
  const { hostname: host, port, pathname, username, password } = new URL(lab.database.url);
  const database = { engine: 'postgres', host, port: Number(port), dbname: pathname.slice(1) };
  for (const [name, secret] of Object.entries({
    vendor: { password: vendor },
    owner: { ...database, username, password },
    loader: { ...database, username: `nightfeed_loader_${id}`, password: loader },
  }))
    await vault.send(new CreateSecretCommand({ Name: `${name}-${id}`, SecretString: JSON.stringify(secret) }));

  const { topic, received } = await topicOf(aws, id);
  const environment = {
    ...aws.environment,
    NIGHTFEED_STAGE: 'test',
    NIGHTFEED_BUCKET: bucket.name,
    NIGHTFEED_FEED: feedKey,
    NIGHTFEED_DATABASE_SECRET: `loader-${id}`,
    NIGHTFEED_TOPIC: topic,
  };
  return {
    environment,
    feedKey,
    store,
    received,
    secrets: [vendor, loader],
    task: (name, run, execution, more = {}) =>
      container(name, { ...environment, ...more, NIGHTFEED_RUN: run, NIGHTFEED_EXECUTION: execution }),
  };
}

/** The environment of migrate, which works as the owner. */
export function asOwner({ environment }: Deployed): Record<string, string> {
  const loader = environment.NIGHTFEED_DATABASE_SECRET!;
  return {
    ...environment,
    NIGHTFEED_DATABASE_SECRET: loader.replace('loader', 'owner'),
    NIGHTFEED_LOADER_SECRET: loader,
  };
}

const task = fileURLToPath(new URL('../../bin/task.ts', import.meta.url));

async function container(name: string, env: Record<string, string>): Promise<{ code: number | null; log: string }> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', task, name], {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [ended, ...texts] = await Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)]);
  return { code: ended[0] as number | null, log: texts.join('') };
}

/** A topic with a web hook. */
async function topicOf(aws: Aws, id: string): Promise<{ topic: string; received: readonly RunMessage[] }> {
  const hook = await openWebHook(aws);
  onTestFinished(() => hook.close());
  const sns = new SNSClient(aws.client);
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: `nightfeed-${id}` }));
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint: hook.url }));
  return { topic: TopicArn!, received: hook.received };
}
