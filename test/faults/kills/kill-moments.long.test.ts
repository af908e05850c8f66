import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { isFull } from '../../support/full.ts';
import { thirdNight } from '../../support/nights/labs-after.ts';
import { dateOf } from '../../support/vendors/night-vendor.ts';

const third = thirdNight();

/** Evenly over a night, each seed at other moments: the fractional parts of multiples of the golden ratio. */
const NIGHT_MS = 900;
const momentsOf = (seed: number, count: number) =>
  Array.from({ length: count }, (_, index) => Math.floor(NIGHT_MS * (((seed * 7 + index) * 0.618_033_988_75) % 1)));

test.each(isFull ? [1, 2, 3, 4, 5, 6, 7, 8] : [1])(
  'killed at one moment after the other until it is through (seed %i)',
  async (seed) => {
    const lab = await third.lab();

    for (const moment of momentsOf(seed, 8)) {
      const command = lab.start(lab.nightArgs(dateOf(3)));
      await sleep(moment);
      command.process.kill('SIGKILL');
      await command.ended;
    }
    const { code, json, stderr } = await lab.night(dateOf(3));

    expect(code, stderr).toBe(0);
    expect(json?.run).toBe(`shop/${dateOf(3)}`);
    await third.expectLikeTwin(lab);
  },
);

test('scratch files of a killed process are gone after the next night', async () => {
  const lab = await third.lab();
  const scratch = () => (existsSync(join(lab.home, 'scratch')) ? readdirSync(join(lab.home, 'scratch')) : []);

  await lab.night(dateOf(3), { NIGHTFEED_FAIL_AT: 'diff.engine' });
  const left = scratch();
  await lab.night(dateOf(3));

  expect(left).toHaveLength(1);
  expect(scratch()).toEqual([]);
});
