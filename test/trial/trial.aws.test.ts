import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { configSchema } from '../../lib/infra/config.ts';
import { describeAws } from '../support/aws/aws.ts';
import { auditRights } from '../support/aws/rights/audit.ts';
import { isFull } from '../support/full.ts';
import { type FreshDatabase, freshDatabase } from '../support/postgres/postgres.ts';
import { emulatorPlace } from './emulator-place.ts';
import { runTrial } from './run-trial.ts';
import { trialSteps } from './steps.ts';
import { feeds, Trial } from './trial.ts';

/** Steps that test/infra/deployed/night.aws.test.ts shows of a deployed feed in every run; only FULL=1 repeats them here. */
const SHOWN_ELSEWHERE: readonly string[] = ['night', 'hold'];

await describeAws("an account's trial", ['localstack'], (aws) => {
  describe.skipIf(aws.folder === undefined)('(skipped without an emulator)', () => {
    let database: FreshDatabase;
    beforeAll(async () => {
      database = await freshDatabase(17);
    });
    afterAll(() => database.drop());

    test('the configuration for the emulator is one that a deployment takes', async () => {
      const place = emulatorPlace(aws, database);
      const config = {
        stage: 'try',
        region: place.aws.client.region,
        feeds: [{ file: 'feed.yaml' }],
        recipients: ['a@example.com'],
      };
      expect(configSchema.safeParse({ ...config, ...(await place.config('')) }).error).toBeUndefined();
    });

    test('runs to its end on the emulator, with every right that it needs', async () => {
      const trial = await Trial.open(emulatorPlace(aws, database));
      let recorded = 0;
      // The role that deploys may read one document, that of the newest deployment: so calls are asked about step by step.
      const steps = isFull ? trialSteps : trialSteps.filter(({ name }) => !SHOWN_ELSEWHERE.includes(name));
      const audited = steps.map((step) => ({
        ...step,
        async run(running: Trial) {
          await step.run(running);
          const audit = await auditRights(aws, running.stage, feeds, recorded);
          recorded = audit.recorded;
          expect(step.name === 'roll back' ? [] : audit.denied).toEqual([]);
        },
      }));
      const watching = { say: console.error, signal: new AbortController().signal };

      const results = await runTrial(audited, trial, watching);

      expect(results.map(({ failure }) => failure)).toEqual(results.map(() => null));
      expect(results).toHaveLength(steps.length + 1);
    }, 1_800_000);
  });
});
