import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { CreateSecretCommand, GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import type { Context } from 'aws-lambda';
import { onTestFinished } from 'vitest';
import { cloudNames } from '../../../lib/core/cloud/cloud-names.ts';
import { loginKinds } from '../../../lib/core/cloud/logins.ts';
import { canonicalJson } from '../../../lib/core/feed/reading-spec.ts';
import { feedKeyOf } from '../../../lib/core/run/feed-key.ts';
import type { RunMessage } from '../../../lib/core/run/message.ts';
import { type ContainerName, processes } from '../../../lib/core/workflow/processes.ts';
import type { Store } from '../../../lib/ports/store.ts';
import { s3Store } from '../../../lib/stores/s3/s3.ts';
import type { NightLab } from '../nights/night-lab.ts';
import { parseFeed } from '../parse-feed.ts';
import { startFtpServer } from '../vendors/ftp-server.ts';
import { feedFile } from '../vendors/night-vendor.ts';
import { openWebHook } from '../vendors/web-hook.ts';
import type { Aws } from './aws.ts';
import { freshBucket } from './bucket.ts';

/** Roles are named by it, and belong to the whole server, which other tests use as well. */
const STAGE = `test${randomUUID().slice(0, 8)}`;
export const names = cloudNames(STAGE, 'shop');
export const context = {
  functionName: names.operator,
  invokedFunctionArn: `arn:aws:lambda:us-east-1:000000000000:function:${names.operator}`,
} as Context;

/** What a deployment gives to functions and tasks, in an emulator, beside a lab's vendor and database. */
export interface Deployed {
  readonly environment: Readonly<Record<string, string>>;
  readonly feedKey: string;
  readonly store: Store;
  /** Values of all secrets so far: none may be anywhere else. */
  secrets(): Promise<string[]>;
  /** Another secret, of a login at the same database. */
  secretOf(username: string): Promise<string>;
  /** Bodies that SNS posted to a web hook. */
  readonly received: readonly RunMessage[];
  /** A task's container. */
  task(
    name: ContainerName,
    run: string,
    execution: string,
    more?: Record<string, string>,
  ): Promise<{ code: number | null; log: string }>;
}

export async function deployTo(aws: Aws, lab: NightLab): Promise<Deployed> {
  const id = randomUUID().slice(0, 8);
  const vendor = `canary-of-vendor-${id}`;
  const ftp = await startFtpServer({ root: join(lab.folder, 'vendor'), users: { vendor } });
  const bucket = await freshBucket(aws);
  onTestFinished(async () => {
    await ftp.close();
    await bucket.remove();
  });
  const store = s3Store(bucket.name, aws.client);
  const source = `{ftp: {host: 127.0.0.1, port: ${ftp.port}, user: vendor, password: "secret:vendor-${id}#password", path: "/{date}"}}\nready: {stable: 0s}`;
  const feed = parseFeed(feedFile(source), 'feed.yaml');
  const feedKey = feedKeyOf(feed);
  await store.create(feedKey, canonicalJson(feed));

  const vault = new SecretsManagerClient(aws.client);
  const { hostname: host, port, pathname, username, password } = new URL(lab.database.url);
  const database = { engine: 'postgres', host, port: Number(port), dbname: pathname.slice(1) };
  for (const [name, secret] of Object.entries({
    vendor: { password: vendor },
    owner: { ...database, username, password },
  }))
    await vault.send(new CreateSecretCommand({ Name: `${name}-${id}`, SecretString: JSON.stringify(secret) }));
  // As CloudFormation makes them: the migration gives them a login.
  const logins = Object.fromEntries(loginKinds.map((kind) => [kind, `${kind}-${id}`]));
  for (const Name of Object.values(logins)) await vault.send(new CreateSecretCommand({ Name, SecretString: 'random' }));

  const { topic, received } = await topicOf(aws, id);
  const environment = {
    ...aws.environment,
    NIGHTFEED_STAGE: STAGE,
    NIGHTFEED_BUCKET: bucket.name,
    NIGHTFEED_FEED: feedKey,
    NIGHTFEED_DATABASE_SECRET: `owner-${id}`,
    NIGHTFEED_LOGIN_SECRETS: JSON.stringify(logins),
    NIGHTFEED_TOPIC: topic,
  };
  return {
    environment,
    feedKey,
    store,
    received,
    async secretOf(username) {
      const SecretString = JSON.stringify({ ...database, username, password: 'p' });
      await vault.send(new CreateSecretCommand({ Name: `${username}-${id}`, SecretString }));
      return `${username}-${id}`;
    },
    async secrets() {
      const found = Object.values(logins).map((SecretId) => vault.send(new GetSecretValueCommand({ SecretId })));
      return [vendor, ...(await Promise.all(found)).map(({ SecretString }) => JSON.parse(SecretString!).password)];
    },
    task: (name, run, execution, more = {}) =>
      container(name, {
        ...environment,
        NIGHTFEED_DATABASE_SECRET: loginSecret(name, environment),
        ...more,
        NIGHTFEED_RUN: run,
        NIGHTFEED_EXECUTION: execution,
      }),
  };
}

/** The secret that a process is given. */
export function loginSecret(name: string, environment: NodeJS.ProcessEnv): string {
  const login = processes[name as keyof typeof processes]?.login ?? 'owner';
  // A process of several steps takes the login of each from NIGHTFEED_LOGIN_SECRETS.
  return login === 'owner'
    ? environment.NIGHTFEED_DATABASE_SECRET!
    : JSON.parse(environment.NIGHTFEED_LOGIN_SECRETS!)[login];
}

const task = fileURLToPath(new URL('../../../bin/task.ts', import.meta.url));

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
