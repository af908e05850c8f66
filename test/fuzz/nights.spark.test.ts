import { expect, test } from 'vitest';
import { describeEngines } from '../support/engines/engines.ts';
import { fuzzNights } from './nights.ts';

const SECONDS = 60;

test('mutated nights: lockstep over tiny windows and duckdb say what the oracle says', {
  timeout: SECONDS * 3000,
}, async () => {
  const report = await fuzzNights({ seconds: SECONDS, seed: Math.floor(Date.now() / 1000) });
  expect(report.nights).toBeGreaterThan(50);
  expect(report.byLockstep).toBeGreaterThan(20);
  expect(report.attended).toBeGreaterThan(10);
});

const SPARK_SECONDS = 30;

describeEngines(['spark'], () => {
  test('so does Spark', async () => {
    const report = await fuzzNights({ seconds: SPARK_SECONDS, seed: Math.floor(Date.now() / 1000), spark: true });
    expect(report.bySpark).toBe(report.nights);
    expect(report.nights).toBeGreaterThan(0);
  });
});
