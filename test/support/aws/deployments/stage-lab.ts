import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { cloudNames } from '../../../../lib/core/cloud/cloud-names.ts';
import type { ExecutionInput } from '../../../../lib/core/cloud/events.ts';
import { stackNames } from '../../../../lib/infra/names.ts';
import { NightLab } from '../../nights/night-lab.ts';
import { startFtpServer } from '../../vendors/ftp-server.ts';
import { type Delivery, feedFile, put } from '../../vendors/night-vendor.ts';
import type { Aws } from '../aws.ts';
import { askAws } from '../aws-request.ts';
import { ended, keepSecret } from '../deployed-night.ts';
import { startContainers } from '../deployed-stacks.ts';
import { Deployments } from './deployments.ts';

/** A stage with its own database, vendor and folder, in an account that it shares with others. */
export class StageLab {
  readonly name = `t${randomUUID().slice(0, 8)}`;
  readonly lab: NightLab;
  readonly deployments: Deployments;
  readonly #aws: Aws;
  readonly #folder: string;
  readonly #source: string;
  readonly #closeFtp: () => Promise<void>;

  private constructor(aws: Aws, lab: NightLab, folder: string, ftp: { port: number; close(): Promise<void> }) {
    this.#aws = aws;
    this.lab = lab;
    this.#folder = folder;
    this.#closeFtp = () => ftp.close();
    this.#source = `host: 127.0.0.1, port: ${ftp.port}, user: vendor, password: "secret:vendor-${this.name}#password"`;
    const { hostname: host, port, pathname } = new URL(lab.database.url);
    const database = { host, port: Number(port), dbname: pathname.slice(1), owner_secret: `owner-${this.name}` };
    this.deployments = new Deployments(aws, folder, { name: this.name, database });
  }

  static async open(aws: Aws, feeds: readonly string[]): Promise<StageLab> {
    const lab = await NightLab.open();
    const folder = await mkdtemp(join(tmpdir(), 'nightfeed-stage-'));
    const password = randomUUID();
    await mkdir(join(lab.folder, 'vendor'));
    const ftp = await startFtpServer({ root: join(lab.folder, 'vendor'), users: { vendor: password } });
    const stage = new StageLab(aws, lab, folder, ftp);
    const { hostname: host, port, pathname, username, password: secret } = new URL(lab.database.url);
    await keepSecret(aws, `vendor-${stage.name}`, { password });
    const owner = { host, port: Number(port), dbname: pathname.slice(1), username, password: secret };
    await keepSecret(aws, `owner-${stage.name}`, owner);
    for (const feed of feeds) await startContainers(aws, await mkdtemp(join(folder, 'containers-')), stage.name, feed);
    return stage;
  }

  /** A feed whose vendor has a folder of its own; the delivery of today may come until six hours from now. */
  feed(name: string): string {
    const hour = new Date().getUTCHours();
    const clock = (hours: number) => `${String(hours % 24).padStart(2, '0')}:00`;
    const schedule = `{at: "${clock(hour)}", timezone: UTC, deadline: "${clock(hour + 6)}"}`;
    const source = `{ftp: {${this.#source}, path: "/${name}/{date}"}}\nready: {stable: 0s}\nschedule: ${schedule}`;
    return feedFile(source).replace('feed: shop', `feed: ${name}`).replace('schema: shop', `schema: ${name}`);
  }

  deliver(feed: string, date: string, delivery: Delivery): void {
    put(join(this.lab.folder, 'vendor', feed, date), delivery);
  }

  pipeline(feed: string): string {
    return stackNames.pipeline(this.name, feed);
  }

  async start(feed: string, input: ExecutionInput): Promise<string> {
    const { stateMachine } = cloudNames(this.name, feed);
    const stateMachineArn = `arn:aws:states:${this.#aws.client.region}:000000000000:stateMachine:${stateMachine}`;
    const command = new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) });
    return (await new SFNClient(this.#aws.client).send(command)).executionArn!;
  }

  ended(execution: string) {
    return ended(new SFNClient(this.#aws.client), execution);
  }

  /** Whole night of a date; resolves to its last state. */
  async night(feed: string, date: string): Promise<string | undefined> {
    return (await this.ended(await this.start(feed, { date }))).states.at(-1);
  }

  /** Numbers of a process's revisions that can be run. */
  async revisions(feed: string, process: string): Promise<number[]> {
    const familyPrefix = cloudNames(this.name, feed).function(process);
    const target = 'AmazonEC2ContainerServiceV20141113.ListTaskDefinitions';
    const { taskDefinitionArns } = await askAws<{ taskDefinitionArns: string[] }>(this.#aws, 'ecs', target, {
      familyPrefix,
    });
    return taskDefinitionArns.map((arn) => Number(arn.split(':').at(-1)));
  }

  /** Of the tasks of a process that were started so far, the numbers of the revisions that they ran. */
  async taskRevisions(feed: string, process: string): Promise<number[]> {
    const family = cloudNames(this.name, feed).function(process);
    const ecs = <T>(operation: string, request: object) =>
      askAws<T>(this.#aws, 'ecs', `AmazonEC2ContainerServiceV20141113.${operation}`, request);
    const { taskArns } = await ecs<{ taskArns: string[] }>('ListTasks', { family, desiredStatus: 'STOPPED' });
    const { tasks } = await ecs<{ tasks: { taskDefinitionArn: string }[] }>('DescribeTasks', { tasks: taskArns });
    return tasks.map(({ taskDefinitionArn }) => Number(taskDefinitionArn.split(':').at(-1)));
  }

  /** Keys and prices of the live products of a feed, by key. */
  async products(feed: string): Promise<unknown[]> {
    const sql = this.lab.sql;
    const rows = await sql`
      SELECT id::text, price::text FROM ${sql(feed)}.products WHERE _gone_since IS NULL ORDER BY products.id`.values();
    return [...rows];
  }

  async close(): Promise<void> {
    await this.#closeFtp();
    await this.lab.close();
    await rm(this.#folder, { recursive: true });
  }
}

/** The same of a delivery. */
export function productsOf({ products }: Delivery): unknown[] {
  return products.map(([id, , price]) => [id, price]);
}
