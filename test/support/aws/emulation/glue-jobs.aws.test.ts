import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BatchStopJobRunCommand,
  CreateJobCommand,
  GetJobRunCommand,
  GetJobRunsCommand,
  GlueClient,
  StartJobRunCommand,
} from '@aws-sdk/client-glue';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { describeAws } from '../aws.ts';
import { standIn } from '../localstack.ts';

/** docs/emulation.md says which page of AWS each of these is from. */
await describeAws('Glue jobs', ['localstack'], (aws) => {
  describe.skipIf(aws.folder === undefined)('(skipped without an emulator)', () => {
    const glue = new GlueClient(aws.client);
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'nightfeed-glue-jobs-'));
    });
    afterAll(() => rm(folder, { recursive: true }));

    /** A job whose runs are a shell's script with the run's arguments. */
    const jobOf = async (script: string, { more = {}, minuteSeconds = 60 } = {}) => {
      const JobName = `t${randomUUID().slice(0, 8)}`;
      await glue.send(new CreateJobCommand({ Name: JobName, Role: 'role', Command: { Name: 'glueetl' }, ...more }));
      const command = ['sh', '-c', script, 'program'];
      await standIn({ folder: aws.folder! }, `job/${JobName}`, { command, cwd: folder, minuteSeconds });
      return {
        JobName,
        start: async (more: object = {}) => (await glue.send(new StartJobRunCommand({ JobName, ...more }))).JobRunId!,
        stop: (...JobRunIds: string[]) => glue.send(new BatchStopJobRunCommand({ JobName, JobRunIds })),
        get: async (RunId: string) => (await glue.send(new GetJobRunCommand({ JobName, RunId }))).JobRun!,
      };
    };
    const ended = (run: () => Promise<object>, state: string) =>
      vi.waitFor(async () => expect(await run()).toMatchObject({ JobRunState: state }), 10_000);

    test('arguments of a run go before those of its job, and reach the program as --name value', async () => {
      const file = join(folder, randomUUID());
      const job = await jobOf(`echo "$@" > ${file}`, { more: { DefaultArguments: { '--a': '1', '--b': '2' } } });

      const run = await job.start({ Arguments: { '--b': '3', '--plan': 's3://lake/plan' } });

      await ended(() => job.get(run), 'SUCCEEDED');
      expect(await readFile(file, 'utf8')).toBe('--a 1 --b 3 --plan s3://lake/plan\n');
    });

    test('a run that fails says the exception that it died of, or its exit code', async () => {
      const job = await jobOf('[ "$2" = loud ] && echo "ValueError: no such row" >&2; exit 3');
      const loud = await job.start({ Arguments: { '--how': 'loud' } });
      await ended(() => job.get(loud), 'FAILED');
      expect(await job.get(loud)).toMatchObject({ ErrorMessage: 'ValueError: no such row' });

      const silent = await job.start({ Arguments: { '--how': 'silent' } });
      await ended(() => job.get(silent), 'FAILED');
      expect(await job.get(silent)).toMatchObject({ ErrorMessage: 'exit code 3' });
    });

    test('a job has one run at a time unless it says more, and a run counts until it has ended', async () => {
      const one = await jobOf('exec sleep 60');
      const first = await one.start();
      expect(await one.get(first)).toMatchObject({ JobRunState: 'RUNNING', Attempt: 0 });
      await expect(one.start()).rejects.toMatchObject({ name: 'ConcurrentRunsExceededException' });
      await one.stop(first);
      await ended(() => one.get(first), 'STOPPED');
      await one.stop(await one.start());

      const two = await jobOf('exec sleep 60', { more: { ExecutionProperty: { MaxConcurrentRuns: 2 } } });
      const both = [await two.start(), await two.start()];
      await expect(two.start()).rejects.toMatchObject({ name: 'ConcurrentRunsExceededException' });
      await two.stop(...both);
    });

    test('a run that takes longer than its time ends as TIMEOUT', async () => {
      const job = await jobOf('exec sleep 60', { more: { Timeout: 1 }, minuteSeconds: 0.1 });
      const run = await job.start();
      expect((await job.get(run)).Timeout).toBe(1);
      await ended(() => job.get(run), 'TIMEOUT');
    });

    test('a job without a time of its own has 480 minutes', async () => {
      const job = await jobOf('true');
      expect((await job.get(await job.start())).Timeout).toBe(480);
    });

    test('runs are listed in pages, the newest first', async () => {
      const job = await jobOf('true');
      const started: string[] = [];
      for (let count = 0; count < 3; count += 1) {
        started.unshift(await job.start());
        await ended(() => job.get(started[0]!), 'SUCCEEDED');
      }
      const { JobName } = job;
      const first = await glue.send(new GetJobRunsCommand({ JobName, MaxResults: 2 }));
      const rest = await glue.send(new GetJobRunsCommand({ JobName, NextToken: first.NextToken }));
      const ids = [first, rest].map(({ JobRuns = [] }) => JobRuns.map(({ Id }) => Id));
      expect(ids).toEqual([started.slice(0, 2), started.slice(2)]);
      expect(rest.NextToken).toBeUndefined();
    });

    test('a job or a run that is not there', async () => {
      const absent = { name: 'EntityNotFoundException' };
      await expect(glue.send(new StartJobRunCommand({ JobName: 'nobody' }))).rejects.toMatchObject(absent);
      await expect((await jobOf('true')).get('jr_0')).rejects.toMatchObject(absent);
    });
  });
});
