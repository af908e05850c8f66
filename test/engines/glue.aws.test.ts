import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BatchStopJobRunCommand,
  CreateJobCommand,
  type GetJobRunCommand,
  GetJobRunsCommand,
  GlueClient,
  StartJobRunCommand,
} from '@aws-sdk/client-glue';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parse } from 'yaml';
import { lackOfSpark } from '../../bin/spark.ts';
import type { SparkPlan } from '../../lib/core/sql/plans/spark/plan.ts';
import { GlueRunner } from '../../lib/engines/spark/glue-runner.ts';
import type { Store } from '../../lib/ports/store.ts';
import { s3Store } from '../../lib/stores/s3/s3.ts';
import { describeAws } from '../support/aws/aws.ts';
import { type Bucket, freshBucket } from '../support/aws/bucket.ts';
import { type MeddleWithJob, startGlueJob } from '../support/aws/glue-job.ts';
import { EngineLab } from '../support/engines/engine-lab.ts';
import { emptyPlan } from '../support/engines/spark-queries.ts';
import { isFull } from '../support/full.ts';

const lack = await lackOfSpark();
const golden = (name: string) => parse(readFileSync(new URL(`../golden/${name}.yaml`, import.meta.url), 'utf8'));

await describeAws('Spark on Glue', ['localstack'], (aws) => {
  const title = lack ? `(skipped: ${lack})` : '(skipped without an emulator)';
  describe.skipIf(lack !== undefined || aws.folder === undefined)(title, { timeout: 240_000 }, () => {
    let folder: string;
    let bucket: Bucket;
    let store: Store;
    let job: string;
    let meddle: MeddleWithJob;
    const client = new GlueClient(aws.client);
    const siteOf = (glue: Pick<GlueClient, 'send'> = client, name = job) =>
      new GlueRunner(store, { client: glue as GlueClient, job: name, bucket: bucket.name, pollMs: 200 });
    /** Oldest first. */
    const runs = async () => {
      const { JobRuns = [] } = await client.send(new GetJobRunsCommand({ JobName: job }));
      return JobRuns.reverse();
    };
    const begin = (Arguments: Record<string, string>) =>
      client.send(new StartJobRunCommand({ JobName: job, Arguments }));
    const stop = (...JobRunIds: string[]) => client.send(new BatchStopJobRunCommand({ JobName: job, JobRunIds }));
    /** What a plan answers that was asked for by an attempt. */
    const ask = (attempt: string, plan: (into: string) => SparkPlan, site = siteOf()) => {
      const room = site.room('', `changes/lab/${attempt}/t/`);
      return room.run(plan(room.into), 1);
    };
    const asking = (answer: string) => (into: string) => emptyPlan(into, { asked: `SELECT '${answer}' AS answer` });

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'nightfeed-glue-'));
      bucket = await freshBucket(aws);
      store = s3Store(bucket.name, aws.client);
      job = `job-of-${bucket.name}`;
      const ExecutionProperty = { MaxConcurrentRuns: 2 };
      const Command = { Name: 'glueetl' };
      await client.send(new CreateJobCommand({ Name: job, Role: 'role', Command, ExecutionProperty, Timeout: 240 }));
      meddle = await startGlueJob(aws, job, folder);
    }, 240_000);
    afterAll(async () => {
      await bucket.remove();
      await rm(folder, { recursive: true });
    });

    test('a job run for each diff says what the oracle says', async () => {
      const lab = await EngineLab.open({ store, spark: () => siteOf() });
      try {
        const { table, nights } = golden('rows/rejected-keeps-last-good');
        const tried = isFull ? nights : nights.slice(0, 2);
        for (const { file } of tried) {
          const { found, expected, receipt } = await lab.night(table, file, 'spark');
          expect(found).toEqual(expected);
          expect(receipt.tables.t!.engine).toBe('spark');
          for (const key of Object.values(receipt.tables.t!.changes).flat())
            expect(key).toMatch(/^changes\/lab\/2026-11-20(-r\d)?\/a1\/t\/\w{8}\/\w{8}\/\w+\/part-/);
        }
        expect(await runs()).toMatchObject(tried.map(() => ({ WorkerType: 'G.1X', NumberOfWorkers: 3 })));
      } finally {
        await lab.close();
      }
    });

    test('an attempt adopts the run that an earlier one started for the same, at work or done', async () => {
      const before = (await runs()).length;
      const first = ask('a1', asking('once'));
      await vi.waitFor(async () => expect(await runs()).toHaveLength(before + 1), 20_000);
      const second = ask('a2', asking('once'));

      expect((await first).queries.asked).toEqual([{ answer: 'once' }]);
      expect(await second).toEqual(await first);
      expect(await ask('a3', asking('once'))).toEqual(await first);
      expect(await runs()).toHaveLength(before + 1);
    });

    test('an attempt whose start was not answered is followed by one that adopts its run', async () => {
      const before = (await runs()).length;
      const deaf = answering({ isLost: (command) => command instanceof StartJobRunCommand });
      await expect(ask('b1', asking('unheard'), siteOf(deaf))).rejects.toMatchObject({
        name: 'ENGINE_UNAVAILABLE',
        transient: true,
      });
      expect((await ask('b2', asking('unheard'))).queries.asked).toEqual([{ answer: 'unheard' }]);
      expect(await runs()).toHaveLength(before + 1);
    });

    test('twins of one plan write at the same time: what counts is one of them, whole', async () => {
      const before = (await runs()).length;
      const rows = (into: string): SparkPlan => ({
        ...emptyPlan(into, { numbers: 'SELECT 5000 AS inserted' }),
        outputs: [{ name: 'inserted', select: 'SELECT id FROM range(5000)', format: 'parquet', counts: ['inserted'] }],
      });
      const twice = answering({
        before: (command) => (command instanceof StartJobRunCommand ? client.send(command) : null),
      });
      const { outputs } = await ask('c1', rows, siteOf(twice));

      const twins = (await runs()).slice(before);
      expect(twins).toHaveLength(2);
      await vi.waitFor(async () => {
        const states = (await runs()).slice(before).map(({ JobRunState }) => JobRunState);
        expect(states).not.toContain('RUNNING');
      });
      expect(outputs.inserted!.map((file) => file.rows)).toEqual([5000]);
      const lying = (await store.list('changes/lab/c1/')).map(({ key }) => key);
      expect(lying).toContain(outputs.inserted![0]!.file.replace(`s3://${bucket.name}/`, ''));
      expect(lying.filter((key) => key.endsWith('/result.json'))).toHaveLength(1);
      expect(lying.filter((key) => key.includes('/part-'))).toHaveLength(2);
    });

    test('the run to adopt may be on a later page, behind those for others', async () => {
      const before = await runs();
      expect(before.at(-1)!.Arguments!['--plan']).not.toContain('/a1/');
      const paged = answering({
        before: (command) => {
          if (command instanceof GetJobRunsCommand) command.input.MaxResults = 1;
        },
      });
      expect((await ask('a4', asking('once'), siteOf(paged))).queries.asked).toEqual([{ answer: 'once' }]);
      expect(await runs()).toHaveLength(before.length);
    });

    test('waits while as many runs are at work as there may be', async () => {
      await meddle('exec sleep 60');
      const others = [await begin({ '--work': 'x' }), await begin({ '--work': 'y' })];
      await meddle('');
      const names: string[] = [];
      const heard = answering({ errors: names });
      const asked = ask('d1', asking('at last'), siteOf(heard));
      await vi.waitFor(() => expect(names).toContain('ConcurrentRunsExceededException'), 20_000);
      await stop(...others.map(({ JobRunId }) => JobRunId!));

      expect((await asked).queries.asked).toEqual([{ answer: 'at last' }]);
    });

    test.each([
      ['STOPPED', 'Somebody stopped the job run', 'exec sleep 60', 60],
      ['TIMEOUT', 'Look in the log of the job run', 'exec sleep 60', 0.002],
      ['FAILED', 'Read the message', 'echo "RuntimeError: [OUT_OF_LUCK] row 7 is Ada" >&2; exit 1', 60],
    ])('a run that ended as %s is told by its name, with what to do', async (state, hint, script, minuteSeconds) => {
      await meddle(script, minuteSeconds);
      const before = (await runs()).length;
      const asked = ask(`e-${state.toLowerCase()}`, asking(state));
      const failure = expect(asked).rejects.toMatchObject({
        name: 'ENGINE_FAILED',
        message: expect.stringMatching(
          new RegExp(`^the Glue job run jr_\\w+ ended as ${state}${state === 'FAILED' ? ': OUT_OF_LUCK' : ''}$`),
        ),
        hint: expect.stringContaining(hint),
      });
      if (state === 'STOPPED') {
        await vi.waitFor(async () => expect(await runs()).toHaveLength(before + 1), 20_000);
        await stop((await runs()).at(-1)!.Id!);
      }
      await failure;
      expect((await runs()).at(-1)).toMatchObject({ JobRunState: state });
      await meddle('');
    });

    test('a run that misses an input says so', async () => {
      const missing = (into: string): SparkPlan => ({
        ...asking('whole')(into),
        inputs: [{ name: 'lost', format: 'json', options: {}, columns: ['*'], files: [`${into}../lost.ndjson`] }],
      });
      await expect(ask('f1', missing)).rejects.toMatchObject({
        name: 'OBJECT_MISSING',
        message: expect.stringContaining('PATH_NOT_FOUND'),
      });
    });

    test('a job that is not there', async () => {
      await expect(ask('g1', asking('nobody'), siteOf(client, 'no-job'))).rejects.toMatchObject({
        name: 'ENGINE_UNAVAILABLE',
        message: expect.stringMatching(/no-job.*EntityNotFoundException/),
      });
    });

    /** A client beside which something happens. */
    function answering(beside: {
      before?: (command: unknown) => unknown;
      /** Glue worked on it, but nobody hears the answer. */
      isLost?: (command: unknown) => boolean;
      /** Names of the errors that Glue answered. */
      errors?: string[];
    }): Pick<GlueClient, 'send'> {
      const send = async (command: GetJobRunCommand) => {
        await beside.before?.(command);
        const answer = await client.send(command).catch((error: Error) => {
          beside.errors?.push(error.name);
          throw error;
        });
        if (beside.isLost?.(command)) throw Object.assign(new Error('no answer'), { name: 'TimeoutError' });
        return answer;
      };
      return { send } as unknown as Pick<GlueClient, 'send'>;
    }
  });
});
