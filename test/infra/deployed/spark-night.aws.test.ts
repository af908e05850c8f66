import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetJobRunsCommand, GlueClient, StartJobRunCommand } from '@aws-sdk/client-glue';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { lackOfSpark } from '../../../bin/spark.ts';
import { namesOf } from '../../../lib/core/cloud/cloud-names.ts';
import type { DiffReceipt } from '../../../lib/core/run/diff-receipt.ts';
import { keys } from '../../../lib/core/run/keys.ts';
import { describeAws } from '../../support/aws/aws.ts';
import { type DeployedNight, deployNight } from '../../support/aws/deployed-night.ts';
import { type MeddleWithJob, startGlueJob } from '../../support/aws/glue-job.ts';
import { auditRights } from '../../support/aws/rights/audit.ts';
import { testInFull } from '../../support/full.ts';
import { NightLab } from '../../support/nights/night-lab.ts';
import { dateOf, deliveryOf } from '../../support/vendors/night-vendor.ts';

const lack = await lackOfSpark();
/** Two jobs for each table, each with a JVM of its own. */
const NIGHT_MS = 600_000;

await describeAws('the deployed night with Spark on Glue', ['localstack'], (aws) => {
  const title = lack ? `(skipped: ${lack})` : '(skipped without an emulator)';
  // One deployment for all: each test goes on where the one before it ended.
  describe.skipIf(aws.folder === undefined || lack !== undefined)(title, { timeout: NIGHT_MS }, () => {
    let lab: NightLab;
    let deployed: DeployedNight;
    let job: string;
    let meddleWithJob: MeddleWithJob;
    let duckdb: DuckDBConnection;
    const glue = new GlueClient(aws.client);

    beforeAll(async () => {
      lab = await NightLab.open();
      duckdb = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
      lab.deliver(dateOf(1), deliveryOf(1));
      deployed = await deployNight(aws, lab, 'engine: spark\n');
      job = namesOf(deployed.stack).function('diff-glue');
      meddleWithJob = await startGlueJob(aws, job, lab.folder);
    }, 240_000);
    afterAll(async () => {
      duckdb.closeSync();
      await deployed?.close();
      await lab.close();
    });

    const execute = async (night: number) => deployed.ended(await deployed.start({ date: dateOf(night) }));
    const keysOf = async (prefix: string) => (await deployed.store.list(prefix)).map(({ key }) => key);
    /** Oldest first. */
    const jobRuns = async () => {
      const { JobRuns = [] } = await glue.send(new GetJobRunsCommand({ JobName: job }));
      return JobRuns.reverse();
    };
    /** current/ holds as many rows, all of them as Spark wrote them, and of what Spark needed for that nothing is left. */
    const isCurrent = async (night: number, table: string, rows: number) => {
      const found = await keysOf(keys.currentFolder({ feed: 'shop', date: dateOf(night), revision: 1 }, table));
      const files = await Promise.all(found.map((key) => deployed.store.localPath(key, lab.folder)));
      const listed = files.map((file) => `'${file}'`).join(', ');
      const told = await duckdb.runAndReadAll(
        `SELECT sum(num_rows)::integer, min(created_by[:10]) FROM parquet_file_metadata([${listed}])`,
      );
      expect(told.getRowsJson()).toEqual([[rows, 'parquet-mr']]);
      expect(await keysOf(`changes/shop/${dateOf(night)}/current/`)).toEqual([]);
    };
    const receiptOf = async (night: number): Promise<DiffReceipt> => {
      const [key, ...others] = await keysOf(`receipts/shop/${dateOf(night)}/diff/`);
      expect(others).toEqual([]);
      return JSON.parse((await deployed.store.readText(key!))!);
    };

    test('loads for the first time, and a task that was killed while its job is at work is followed by one that adopts it', async () => {
      const [started, mark] = [join(lab.folder, 'started'), join(lab.folder, 'killed')];
      // What runs is the program that was deployed.
      await meddleWithJob(`touch ${started}; [ -n "$SCRIPT" ] || exit`);
      const killer = `while [ ! -e ${started} ]; do sleep 0.1; done; kill -9 $$`;
      await deployed.meddle('diff-glue', `if mkdir ${mark}; then (${killer}) & fi`);

      const { end, states, events } = await execute(1);

      expect(end).toBe('ExecutionSucceeded');
      expect(states.slice(4, 9)).toEqual(['Pull', 'Pulled', 'Large?', 'Diff on Glue', 'Compared']);
      expect(states.at(-1)).toBe('Published');
      const failures = events.flatMap(({ taskFailedEventDetails: failed }) => (failed ? [failed] : []));
      expect(failures).toMatchObject([{ cause: expect.stringContaining('"ExitCode": 137') }]);
      await lab.checkInvariants(deliveryOf(1));
      const { tables } = await receiptOf(1);
      expect(Object.values(tables).map(({ engine, reason }) => [engine, reason])).toEqual([
        ['spark', 'the feed asks for it'],
        ['spark', 'the feed asks for it'],
      ]);
      // Of each table the change set, and then its rows in current/.
      expect((await jobRuns()).map(({ JobRunState }) => JobRunState)).toEqual(Array(4).fill('SUCCEEDED'));
      for (const table of Object.keys(tables)) await isCurrent(1, table, tables[table]!.accepted);
    });

    testInFull(
      'a driver that was killed while it wrote, and a job for an older attempt, leave nothing but what tidy removes',
      async () => {
        lab.deliver(dateOf(2), deliveryOf(2));
        const pidFile = join(lab.folder, 'pid');
        await meddleWithJob(`echo $$ > ${pidFile}`);
        const changes = `changes/shop/${dateOf(2)}/`;
        const failing = execute(2);
        while (!(await keysOf(changes)).some((key) => key.includes('/_temporary/'))) await sleep(20);
        killWithChildren(Number(readFileSync(pidFile, 'utf8')));

        expect(await failing).toMatchObject({ end: 'ExecutionFailed', error: 'ENGINE_FAILED' });
        await lab.checkInvariants(deliveryOf(1));
        expect(await keysOf(`receipts/shop/${dateOf(2)}/diff/`)).toEqual([]);
        const older = await keysOf(changes);
        expect(older.some((key) => key.includes('/_temporary/'))).toBe(true);
        expect(older.some((key) => key.endsWith('/result.json'))).toBe(false);

        await meddleWithJob('');
        const before = await jobRuns();
        const again = execute(2);
        // As soon as the new attempt's job is at work, another one begins for the plan of the old.
        await vi.waitFor(async () => expect(await jobRuns()).toHaveLength(before.length + 1), 60_000);
        const plan = before.at(-1)!.Arguments!['--plan']!;
        await glue.send(new StartJobRunCommand({ JobName: job, Arguments: { '--plan': plan, '--work': 'older' } }));
        const late = async () => (await jobRuns()).find(({ Arguments }) => Arguments!['--work'] === 'older')!;

        expect((await again).end).toBe('ExecutionSucceeded');
        await lab.checkInvariants(deliveryOf(2));
        expect(await late()).toMatchObject({ JobRunState: 'SUCCEEDED' });
        const receipt = JSON.stringify(await receiptOf(2));
        const [attempt] = /a\d+-[0-9a-f]{8}\//.exec(older[0]!)!;
        expect(receipt).not.toContain(`${changes}${attempt}`);
        const lying = await keysOf(changes);
        expect(lying.filter((key) => !receipt.includes(`"${key}"`))).toEqual([]);
        expect(
          Object.values((await receiptOf(2)).tables).flatMap((table) => Object.values(table.changes)),
        ).toHaveLength(6);
      },
    );

    test('has every right that it needed, and so has the job', async () => {
      const { asked, denied } = await auditRights(aws, deployed.stage, ['shop']);

      expect(denied).toEqual([]);
      const own = ['glue:StartJobRun', 'glue:GetJobRun', 'glue:GetJobRuns', 'logs:CreateLogGroup'];
      expect(asked).toEqual(expect.arrayContaining(own));
    });
  });
});

/** A Python and its JVM, at once. */
function killWithChildren(pid: number): void {
  const children = `/proc/${pid}/task/${pid}/children`;
  const others = existsSync(children) ? readFileSync(children, 'utf8').trim().split(' ').map(Number) : [];
  for (const each of [pid, ...others]) process.kill(each, 'SIGKILL');
}
