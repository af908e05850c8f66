import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { type Bucket, emptyBucket, freshBucket } from '../support/aws/bucket.ts';
import { type Ended, start } from '../support/nights/night-command.ts';
import { type Delivery, feedFile, filesOf } from '../support/vendors/night-vendor.ts';
import type { Place } from './place.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

/** Stacks that do not need each other are deployed, and removed, at the same time. */
const TOGETHER = ['--concurrency', '3'];

/** Of what the CDK said before it failed; the reason stands at the end. */
const SHOWN = 4000;

/** Both feeds have the tables of the tests' vendor, in schemas of their own. */
export const feeds = ['shop', 'store'] as const;
export type FeedName = (typeof feeds)[number];

/** A stage of its own for one trial: two feeds, their vendor's bucket, and the commands that people would type. */
export class Trial {
  readonly stage: string;
  readonly place: Place;
  readonly #folder: string;
  readonly #vendor: Bucket;
  readonly #files = new Map<FeedName, string>();
  #isPrepared = false;
  #isStarted = false;

  private constructor(place: Place, stage: string, folder: string, vendor: Bucket) {
    this.place = place;
    this.stage = stage;
    this.#folder = folder;
    this.#vendor = vendor;
    for (const feed of feeds) this.#files.set(feed, this.#fileOf(feed));
  }

  static async open(place: Place, stage = `try${randomUUID().slice(0, 6)}`): Promise<Trial> {
    const folder = await mkdtemp(join(tmpdir(), 'nightfeed-trial-'));
    return new Trial(place, stage, folder, await freshBucket(place.aws));
  }

  /** Puts a delivery into the vendor's bucket. */
  async deliver(feed: FeedName, date: string, delivery: Delivery): Promise<void> {
    for (const [name, Body] of Object.entries(filesOf(delivery))) {
      const object = { Bucket: this.#vendor.name, Key: `${feed}/${date}/${name}`, Body };
      await this.#vendor.client.send(new PutObjectCommand(object));
    }
  }

  /** Another feed file from now on, until it is changed again; the next deployment takes it. */
  changeFeed(feed: FeedName, change: (text: string) => string): void {
    this.#files.set(feed, change(this.#fileOf(feed)));
  }

  /** `cdk bootstrap` and `cdk deploy --all`. Throws what the CDK said when it fails. */
  async deploy(): Promise<void> {
    for (const [feed, text] of this.#files) await writeFile(join(this.#folder, `${feed}.yaml`), text);
    const config = {
      stage: this.stage,
      region: this.place.aws.client.region,
      feeds: feeds.map((feed) => ({ file: `${feed}.yaml`, task: { cpu: 1024, memory: 2048, storage: 21 } })),
      recipients: ['nobody@example.com'],
      destroy_data: true,
      ...(await this.place.config(this.#folder)),
    };
    await writeFile(this.#config, JSON.stringify(config));
    const output = join(this.#folder, 'cdk.out');
    const prepared = join(this.#folder, 'bootstrap.out');
    if (!this.#isPrepared)
      await this.place.alone(() => this.#cdk('bootstrap', this.place.bootstrap, '--output', prepared));
    this.#isPrepared = true;
    await this.#cdk('synth', '--quiet', '--output', output);
    await this.place.adapt(output);
    if (!this.#isStarted) await this.place.startContainers(this.#folder, this.stage, feeds);
    // Now something may be there to remove.
    this.#isStarted = true;
    const outputs = ['--outputs-file', this.#outputs];
    await this.#cdk(
      'deploy',
      '--all',
      '--app',
      output,
      '--require-approval',
      'never',
      '--progress',
      'events',
      ...TOGETHER,
      ...outputs,
    );
  }

  /** The command line with `--stack`. */
  nightfeed(feed: FeedName, ...args: string[]): Promise<Ended> {
    return start([...args, '--stack', `${this.stage}-${feed}`], { ...this.place.environment }).ended;
  }

  /** Removes everything that was made, as far as it was. */
  async remove(): Promise<void> {
    const lake = await this.#lake();
    if (lake !== undefined) await emptyBucket(this.#vendor.client, lake);
    if (this.#isStarted)
      await this.#cdk('destroy', '--all', '--force', ...TOGETHER, '--app', join(this.#folder, 'cdk.out'));
    await this.#vendor.remove();
    await rm(this.#folder, { recursive: true });
  }

  #fileOf(feed: FeedName): string {
    const { region } = this.place.aws.client;
    const source = `{s3: {bucket: ${this.#vendor.name}, path: "${feed}/{date}", region: ${region}}}`;
    const text = feedFile(source).replace('feed: shop', `feed: ${feed}`).replace('schema: shop', `schema: ${feed}`);
    // It waits until the last minute of the date.
    return `${text}schedule: {at: "04:00", timezone: UTC, deadline: "23:59"}\nready: {stable: 0s}\n`;
  }

  get #config(): string {
    return join(this.#folder, 'nightfeed.config.yaml');
  }

  get #outputs(): string {
    return join(this.#folder, 'outputs.json');
  }

  async #lake(): Promise<string | undefined> {
    const text = await readFile(this.#outputs, 'utf8').catch(() => '{}');
    const stacks = JSON.parse(text) as Record<string, Record<string, string>>;
    return stacks[`nightfeed-${this.stage}-Lake`]?.BucketName;
  }

  async #cdk(...args: string[]): Promise<void> {
    const PATH = [dirname(process.execPath), join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter);
    const env = {
      HOME: this.#folder,
      ...this.place.environment,
      PATH,
      NIGHTFEED_CONFIG: this.#config,
      CDK_DISABLE_CLI_TELEMETRY: 'true',
    };
    const given = [...args, '-c', `destroy-data=${this.stage}`, '--no-color', '--no-notices'];
    await run('cdk', given, { cwd: root, env, maxBuffer: 1 << 26 }).catch((error: Error & { stderr: string }) => {
      throw new Error(`cdk ${args[0]} failed: ${error.stderr.slice(-SHOWN)}`, { cause: error });
    });
  }
}
