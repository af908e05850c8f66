import { setTimeout as sleep } from 'node:timers/promises';
import type { GlueClient, JobRun } from '@aws-sdk/client-glue';
import { GetJobRunCommand, GetJobRunsCommand, StartJobRunCommand } from '@aws-sdk/client-glue';
import { NightfeedError } from '../../../core/errors.ts';
import { contentHash } from '../../../core/feed/reading-spec.ts';
import { glueSizeFor } from '../../../core/run/glue-size.ts';
import type { SparkPlan, SparkResult } from '../../../core/sql/spark-plan.ts';
import type { Store } from '../../../steps/ports.ts';
import type { SparkRoom, SparkSite } from './site.ts';

export interface GlueOptions {
  readonly client: GlueClient;
  readonly job: string;
  readonly bucket: string;
  readonly pollMs?: number;
}

const POLL_MS = 5_000;

/** Spark on AWS Glue, a job run for a plan. Its files are objects of the lake. */
export class GlueSite implements SparkSite {
  readonly #store: Store;
  readonly #options: GlueOptions;

  constructor(store: Store, options: GlueOptions) {
    this.#store = store;
    this.#options = options;
  }

  room(_folder: string, into: string): SparkRoom {
    const lake = `s3://${this.#options.bucket}/`;
    return {
      into: lake + into,
      object: async (key) => lake + key,
      keep: async (path, bytes) => {
        await this.#store.write(into + path, bytes);
        return lake + into + path;
      },
      run: (plan, bytes) => this.#run(plan, into, bytes),
      file: (written) => ({ key: written.replace(/^s3[an]?:\/\/[^/]+\//, '') }),
    };
  }

  async close(): Promise<void> {}

  async #run(plan: SparkPlan, into: string, bytes: number): Promise<SparkResult> {
    // Another attempt's plan for the same differs by where its own files lie.
    const work = contentHash(JSON.stringify(plan).replaceAll(into, '')).slice(0, 16);
    const adopted = await this.#adopt(work);
    if (adopted) return adopted;
    await this.#store.create(`${into}plan.json`, JSON.stringify(plan));
    const { JobRunId } = await this.#start(`s3://${this.#options.bucket}/${into}plan.json`, work, bytes);
    return this.#resultOf(await this.#ended(JobRunId!), into);
  }

  /** What a job run for this work finds, or found, that somebody else started: an attempt that died, or whose call was not answered. */
  async #adopt(work: string): Promise<SparkResult | undefined> {
    const { JobRuns = [] } = await this.#ask(() =>
      this.#client.send(new GetJobRunsCommand({ JobName: this.#options.job })),
    );
    for (const run of JobRuns.filter(({ Arguments }) => Arguments?.['--work'] === work)) {
      if (!isAlive(run) && run.JobRunState !== 'SUCCEEDED') continue;
      const into = run.Arguments!['--plan']!.replace(/^s3:\/\/[^/]+\//, '').replace(/plan\.json$/, '');
      const ended = await this.#ended(run.Id!);
      // A run that failed is no reason not to try; one whose objects were tidied up meanwhile is no help.
      if (ended.JobRunState === 'SUCCEEDED' && (await this.#store.readText(`${into}result.json`)) !== null)
        return this.#resultOf(ended, into);
    }
    return undefined;
  }

  async #start(plan: string, work: string, bytes: number) {
    const { type, workers } = glueSizeFor(bytes);
    const command = new StartJobRunCommand({
      JobName: this.#options.job,
      Arguments: { '--plan': plan, '--work': work },
      WorkerType: type,
      NumberOfWorkers: workers,
    });
    for (;;) {
      try {
        return await this.#ask(() => this.#client.send(command));
      } catch (error) {
        // A run of an attempt that was given up may still be at work on something else.
        if (causeName(error) !== 'ConcurrentRunsExceededException') throw error;
        await sleep(this.#pollMs);
      }
    }
  }

  async #ended(id: string): Promise<JobRun> {
    const command = new GetJobRunCommand({ JobName: this.#options.job, RunId: id });
    for (;;) {
      const { JobRun: run } = await this.#ask(() => this.#client.send(command));
      if (!isAlive(run!)) return run!;
      await sleep(this.#pollMs);
    }
  }

  async #resultOf({ Id, JobRunState, ErrorMessage = '' }: JobRun, into: string): Promise<SparkResult> {
    if (JobRunState !== 'SUCCEEDED') {
      const said = /\[([A-Z][A-Z0-9_.]+)\]/.exec(ErrorMessage)?.[1] ?? ErrorMessage.split(/[:\n]/)[0]!.slice(0, 120);
      throw new NightfeedError('ENGINE_FAILED', `the Glue job run ${Id} ended as ${JobRunState}: ${said}`, {
        details: { ErrorMessage },
      });
    }
    const text = await this.#store.readText(`${into}result.json`);
    if (text === null)
      throw new NightfeedError('ENGINE_FAILED', `the Glue job run ${Id} succeeded, but left no result`);
    return JSON.parse(text) as SparkResult;
  }

  /** The SDK tried again several times by itself. */
  async #ask<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      const { name, message } = error as Error;
      throw new NightfeedError('ENGINE_UNAVAILABLE', `Glue does not run ${this.#options.job}: ${name}: ${message}`, {
        cause: error,
      });
    }
  }

  get #client(): GlueClient {
    return this.#options.client;
  }

  get #pollMs(): number {
    return this.#options.pollMs ?? POLL_MS;
  }
}

const alive: ReadonlySet<string> = new Set(['STARTING', 'RUNNING', 'STOPPING', 'WAITING']);

function isAlive({ JobRunState }: JobRun): boolean {
  return alive.has(JobRunState ?? '');
}

function causeName(error: unknown): string | undefined {
  return error instanceof Error && error.cause instanceof Error ? error.cause.name : undefined;
}
