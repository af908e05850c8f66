import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { IntakeLab } from '../support/nights/intake-lab.ts';
import { sequences } from './change.ts';
import { play } from './play.ts';

let lab: IntakeLab;
beforeAll(async () => {
  lab = await IntakeLab.open();
});
afterAll(() => lab.close());

/** `npm run sequences` plays for as long as asked, from any seed. */
const seconds = Number(process.env.SEQUENCES_SECONDS ?? 60);
const seed = Number(process.env.SEQUENCES_SEED ?? 20_261_129);

test(
  'after every change of feed file, catalogue or settings production is what the vendor sent last, and so is its history',
  async () => {
    const property = fc.asyncProperty(sequences, (nights) => play(lab, nights));
    const limits = { seed, numRuns: 1_000_000, interruptAfterTimeLimit: seconds * 1000, markInterruptAsFailure: false };
    const { failed, numRuns, errorInstance, counterexample } = await fc.check(property, limits);
    if (failed)
      throw new Error(`after ${numRuns} sequences: ${String(errorInstance)}\n${JSON.stringify(counterexample)}`);
    expect(numRuns, 'not one sequence was played in time').toBeGreaterThan(0);
  },
  (seconds + 120) * 1000,
);
