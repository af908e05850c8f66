import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lackOfSpark } from '../../bin/spark.ts';
import type { ExecutionInput } from '../../lib/core/run/contract.ts';
import type { DiffReceipt } from '../../lib/core/run/receipt.ts';
import { describeAws } from '../support/aws.ts';
import { type DeployedNight, deployNight } from '../support/deployed-night.ts';
import { NightLab } from '../support/night-lab.ts';
import { dateOf, deliveryOf } from '../support/night-vendor.ts';

const lack = await lackOfSpark();
/** Two jobs a night, each with a JVM of its own. */
const NIGHT_MS = 240_000;

await describeAws('the deployed night with Spark on Glue', ['localstack'], (aws) => {
  const title = lack ? `(skipped: ${lack})` : '(skipped without an emulator)';
  // One deployment for all: each test goes on where the one before it ended.
  describe.skipIf(aws.folder === undefined || lack !== undefined)(title, { timeout: NIGHT_MS }, () => {
    let lab: NightLab;
    let deployed: DeployedNight;

    beforeAll(async () => {
      lab = await NightLab.open();
      lab.deliver(dateOf(1), deliveryOf(1));
      deployed = await deployNight(aws, lab, 'engine: spark\n');
    }, 240_000);
    afterAll(async () => {
      await deployed?.close();
      await lab.close();
    });

    const execute = async (input: ExecutionInput) => deployed.ended(await deployed.start(input));
    const keysOf = async (prefix: string) => (await deployed.store.list(prefix)).map(({ key }) => key);
    const receiptOf = async (night: number): Promise<DiffReceipt> => {
      const [key, ...others] = await keysOf(`receipts/shop/${dateOf(night)}/diff/`);
      expect(others).toEqual([]);
      return JSON.parse((await deployed.store.readText(key!))!);
    };

    test('a first load and a night of changes, by a job for each table', async () => {
      for (const night of [1, 2]) {
        lab.deliver(dateOf(night), deliveryOf(night));
        const { end, states } = await execute({ date: dateOf(night) });

        expect(end).toBe('ExecutionSucceeded');
        expect(states.slice(4, 9)).toEqual(['Pull', 'Pulled', 'Large?', 'Diff on Glue', 'Compared']);
        expect(states.at(-1)).toBe('Published');
        await lab.checkInvariants(deliveryOf(night));
        const { tables } = await receiptOf(night);
        expect(Object.values(tables).map(({ engine, reason }) => [engine, reason])).toEqual([
          ['spark', 'the feed asks for it'],
          ['spark', 'the feed asks for it'],
        ]);
      }
    });
  });
});
