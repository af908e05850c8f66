import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GlueClient, JobRun } from '@aws-sdk/client-glue';
import { GetJobRunCommand, GetJobRunsCommand, StartJobRunCommand } from '@aws-sdk/client-glue';
import { glueSizeFor } from '../../core/cloud/glue-size.ts';
import { NightfeedError } from '../../core/errors.ts';
import { shortHash } from '../../core/feed/reading-spec.ts';
import { objectText } from '../../core/objects/object-kind.ts';
import { type SparkPlan, sparkPlan } from '../../core/sql/plans/spark/plan.ts';
import { readSparkResult, type SparkResult } from '../../core/sql/plans/spark/result.ts';
import type { Store } from '../../ports/store.ts';
import { jobFailed } from './glue-failure.ts';
import type { SparkRoom, SparkRunner } from './runner.ts';

export interface GlueOptions {
  readonly client: GlueClient;
  readonly job: string;
  readonly bucket: string;
  readonly pollMs?: number;
}

const POLL_MS = 5_000;
/** How old a run may be that another attempt takes over. The attempts of one night lie within it. */
const ADOPTABLE_MS = 24 * 3600 * 1000;

/** Spark on AWS Glue, a job run for a plan. Its files are objects of the lake. */
export class GlueRunner implements SparkRunner {
  readonly #store: Store;
  readonly #options: GlueOptions;

  constructor(store: Store, options: GlueOptions) {
    this.#store = store;
    this.#options = options;
  }

  room(_folder: string, attempt: string): SparkRoom {
    const lake = `s3://${this.#options.bucket}/`;
    // The random part is needed because an attempt that reads a lost base back compares twice.
    const into = `${attempt}${randomUUID().slice(0, 8)}/`;
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
    const text = objectText(sparkPlan, plan);
    // Plans of two attempts for the same work differ only in the place of their own files.
    const work = shortHash(text.replaceAll(into, ''));
    const planned = `${into}plan.json`;
    for (;;) {
      const adopted = await this.#adopt(work);
      if (adopted) return adopted;
      await this.#store.create(planned, text);
      const id = await this.#start(`s3://${this.#options.bucket}/${planned}`, work, bytes);
      if (id !== undefined) {
        const run = await this.#ended(id);
        // When the SDK sent the start twice, there are two runs, and the other one may have succeeded.
        const result = (await this.#read(into)) ?? (await this.#adopt(work));
        if (result) return result;
        throw jobFailed(run);
      }
      // The job runs at its limit: with a run of a lost attempt, or with our own run, whose start was not answered.
      await sleep(this.#pollMs);
    }
  }

  /** The result of another run for the same work, started by an attempt that died or whose call was not answered. Waits for it if necessary. */
  async #adopt(work: string): Promise<SparkResult | undefined> {
    for (const run of await this.#runsFor(work)) {
      const into = run.Arguments!['--plan']!.replace(/^s3:\/\/[^/]+\//, '').replace(/plan\.json$/, '');
      await this.#ended(run.Id!);
      const result = await this.#read(into);
      // A run that failed, or whose objects were removed by tidy meanwhile, has no result; then the next one is asked.
      if (result) return result;
    }
    return undefined;
  }

  /** Runs for this work, the newest first, as Glue lists them. */
  async #runsFor(work: string): Promise<JobRun[]> {
    const found: JobRun[] = [];
    const oldest = Date.now() - ADOPTABLE_MS;
    let NextToken: string | undefined;
    do {
      const command = new GetJobRunsCommand({ JobName: this.#options.job, ...(NextToken ? { NextToken } : {}) });
      const page = await this.#ask(() => this.#client.send(command));
      const { JobRuns = [] } = page;
      found.push(...JobRuns.filter(({ Arguments }) => Arguments?.['--work'] === work));
      const isRecent = (JobRuns.at(-1)?.StartedOn?.getTime() ?? 0) > oldest;
      NextToken = isRecent ? page.NextToken : undefined;
    } while (NextToken);
    return found;
  }

  /** The id of the new run; undefined while the job has as many runs as it may have. */
  async #start(plan: string, work: string, bytes: number): Promise<string | undefined> {
    const { type, workers } = glueSizeFor(bytes);
    const command = new StartJobRunCommand({
      JobName: this.#options.job,
      Arguments: { '--plan': plan, '--work': work },
      WorkerType: type,
      NumberOfWorkers: workers,
    });
    try {
      return (await this.#ask(() => this.#client.send(command))).JobRunId!;
    } catch (error) {
      if (causeName(error) === 'ConcurrentRunsExceededException') return undefined;
      throw error;
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

  /** The result that a job wrote last, and whole. Files count once a result names them, whatever became of the run afterwards. */
  async #read(into: string): Promise<SparkResult | undefined> {
    const key = `${into}result.json`;
    const text = await this.#store.readText(key);
    return text === null ? undefined : readSparkResult(text, key);
  }

  /** Calls AWS. The SDK has tried several times before this fails. */
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
