import { expect, test } from 'vitest';
import { Desk, itemsCsv, nightfeed } from '../../support/nights/command-line.ts';

/** What a person is promised on a quiet machine; the tests share theirs with each other. */
const HELP_SECONDS = 0.3;
const TINY_NIGHT_SECONDS = 1.5;
const NOISE = 3;

test('--help is there at once', async () => {
  const seconds = [];
  for (let time = 1; time <= 5; time += 1) seconds.push((await nightfeed(['--help'])).seconds);
  console.info(`--help: ${median(seconds).toFixed(2)} s`);
  expect(median(seconds)).toBeLessThan(HELP_SECONDS * NOISE);
});

test('a tiny night is short: 1,000 rows, PostgreSQL running', async () => {
  const desk = await Desk.open();
  try {
    const seconds = [];
    for (let day = 11; day <= 15; day += 1) {
      await desk.deliver(`2026-11-${day}`, itemsCsv(1000, day));
      const night = await desk.run('run', desk.feed, '--date', `2026-11-${day}`);
      expect(night.code).toBe(0);
      seconds.push(night.seconds);
    }
    console.info(`a tiny night: ${median(seconds).toFixed(2)} s`);
    expect(median(seconds)).toBeLessThan(TINY_NIGHT_SECONDS * NOISE);
  } finally {
    await desk.close();
  }
});

function median(numbers: number[]): number {
  return numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
}
