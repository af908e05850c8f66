import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import {
  GetExecutionHistoryCommand,
  type HistoryEvent,
  SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { cloudNames } from '../../../lib/core/cloud/cloud-names.ts';
import { environmentNames } from '../../../lib/core/cloud/environment-names.ts';
import type { ExecutionInput } from '../../../lib/core/cloud/events.ts';
import type { RunMessage } from '../../../lib/core/run/message.ts';
import type { StartOn } from '../../../lib/infra/start-on.ts';
import type { Store } from '../../../lib/ports/store.ts';
import { s3Store } from '../../../lib/stores/s3/s3.ts';
import type { NightLab } from '../nights/night-lab.ts';
import { startFtpServer } from '../vendors/ftp-server.ts';
import { feedFile } from '../vendors/night-vendor.ts';
import { openWebHook } from '../vendors/web-hook.ts';
import type { Aws } from './aws.ts';
import { askAws } from './aws-request.ts';
import { bucketOf, deployStage, type Meddle, startContainers } from './deployed-stacks.ts';

interface Execution {
  /** States in the order in which they were entered. */
  readonly states: readonly string[];
  /** `ExecutionSucceeded`, `ExecutionFailed`, `ExecutionAborted` … */
  readonly end: string;
  /** Of an execution that failed. */
  readonly error: string | undefined;
  readonly events: readonly HistoryEvent[];
}

/** A feed deployed to an emulator, beside a lab's vendor and database. */
export interface DeployedNight {
  readonly stage: string;
  /** For `nightfeed --stack`. */
  readonly stack: string;
  readonly store: Store;
  readonly meddle: Meddle;
  /** Of containers, and of the emulator itself. */
  log(): Promise<string>;
  /** What SNS posted to a web hook. */
  readonly posted: readonly RunMessage[];
  /** Values that no history, object or message may hold. */
  readonly secrets: readonly string[];
  start(input: ExecutionInput): Promise<string>;
  ended(execution: string): Promise<Execution>;
  abort(execution: string): Promise<void>;
  /** What SNS has put into a queue since the last call. */
  queued(): Promise<RunMessage[]>;
  close(): Promise<void>;
}

/** `more` is added to the feed file; `start` is an event that starts nights. */
export async function deployNight(aws: Aws, lab: NightLab, more = '', start?: StartOn): Promise<DeployedNight> {
  const id = randomUUID().slice(0, 8);
  const [stage, password] = [`t${id}`, `canary-of-vendor-${id}`];
  const folder = await mkdtemp(join(tmpdir(), 'nightfeed-deployed-'));
  const ftp = await startFtpServer({ root: join(lab.folder, 'vendor'), users: { vendor: password } });
  const hook = await openWebHook(aws);

  const owner = new URL(lab.database.url);
  const [host, port, dbname] = [owner.hostname, Number(owner.port), owner.pathname.slice(1)];
  await keepSecret(aws, `vendor-${id}`, { password });
  await keepSecret(aws, `owner-${id}`, { host, port, dbname, username: owner.username, password: owner.password });
  const login = `host: 127.0.0.1, port: ${ftp.port}, user: vendor, password: "secret:vendor-${id}#password"`;
  await deployStage(aws, folder, {
    name: stage,
    feed: feedFile(`{ftp: {${login}, path: "/{date}"}}\nready: {stable: 0s}`) + more,
    database: { host, port, dbname, owner_secret: `owner-${id}` },
    start,
  });
  const queue = await subscribe(aws, stage, hook.url);

  const states = new SFNClient(aws.client);
  const { stateMachine } = cloudNames(stage, 'shop');
  const stateMachineArn = `arn:aws:states:${aws.client.region}:000000000000:stateMachine:${stateMachine}`;
  return {
    stage,
    stack: `${stage}-shop`,
    store: s3Store(await bucketOf(aws, stage), aws.client),
    meddle: await startContainers(aws, folder, stage),
    log: () => readFile(join(aws.folder!, 'log'), 'utf8'),
    posted: hook.received,
    secrets: [password, owner.password],
    async start(input) {
      const command = new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) });
      return (await states.send(command)).executionArn!;
    },
    ended: (execution) => ended(states, execution),
    async abort(executionArn) {
      await states.send(new StopExecutionCommand({ executionArn }));
    },
    queued: () => receive(aws, queue),
    async close() {
      await ftp.close();
      hook.close();
      await rm(folder, { recursive: true });
    },
  };
}

export async function keepSecret(aws: Aws, Name: string, value: object): Promise<void> {
  const SecretString = JSON.stringify(value);
  await new SecretsManagerClient(aws.client).send(new CreateSecretCommand({ Name, SecretString }));
}

/** A queue and a web hook for the messages of a stage. Resolves to the queue's URL. */
async function subscribe(aws: Aws, stage: string, hook: string): Promise<string> {
  const sns = new SNSClient(aws.client);
  const FunctionName = cloudNames(stage, 'shop').function('notify');
  const { Environment } = await new LambdaClient(aws.client).send(
    new GetFunctionConfigurationCommand({ FunctionName }),
  );
  const TopicArn = Environment!.Variables![environmentNames.topic]!;
  const { QueueUrl } = await askAws<{ QueueUrl: string }>(aws, 'sqs', 'AmazonSQS.CreateQueue', { QueueName: stage });
  const queue = TopicArn.replace(/sns:(.*):[^:]*$/, `sqs:$1:${stage}`);
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: queue }));
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint: hook }));
  return QueueUrl;
}

async function receive(aws: Aws, QueueUrl: string): Promise<RunMessage[]> {
  const found: RunMessage[] = [];
  for (;;) {
    const request = { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 };
    const { Messages = [] } = await askAws<{ Messages?: { Body: string; ReceiptHandle: string }[] }>(
      aws,
      'sqs',
      'AmazonSQS.ReceiveMessage',
      request,
    );
    if (Messages.length === 0) return found;
    for (const { Body, ReceiptHandle } of Messages) {
      found.push(JSON.parse(JSON.parse(Body).Message) as RunMessage);
      await askAws(aws, 'sqs', 'AmazonSQS.DeleteMessage', { QueueUrl, ReceiptHandle });
    }
  }
}

export async function ended(client: SFNClient, executionArn: string): Promise<Execution> {
  for (;;) {
    const { events = [] } = await client.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
    const end = events.find(({ type }) => /^Execution(?!Started)/.test(type!));
    if (end) {
      const states = events.flatMap(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? []);
      return { states, end: end.type!, error: end.executionFailedEventDetails?.error, events };
    }
    await sleep(200);
  }
}
