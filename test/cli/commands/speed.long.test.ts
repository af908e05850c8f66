import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { Desk, itemsCsv, nightfeed } from '../../support/nights/command-line.ts';

/**
 * What a person is promised on a quiet machine of 2 cores: 0.3 s, and 1.5 s. There Node itself starts in 0.04 s. The tests share their
 * machine, so that each limit is a number of such starts, which take their time in turn with what is measured.
 */
const HELP_STARTS = 8;
const TINY_NIGHT_STARTS = 38;
const NOISE = 4;

const execute = promisify(execFile);

test('--help is there at once', async () => {
  const starts = await startsOf(5, () => nightfeed(['--help']));
  console.info(`--help: ${starts.toFixed(1)} starts of Node`);
  expect(starts).toBeLessThan(HELP_STARTS * NOISE);
});

test('a tiny night is short: 1,000 rows, PostgreSQL running', async () => {
  const desk = await Desk.open();
  try {
    const starts = await startsOf(5, async (time) => {
      const date = `2026-11-${10 + time}`;
      await desk.deliver(date, itemsCsv(1000, time));
      const night = await desk.run('run', desk.feed, '--date', date);
      expect(night.code).toBe(0);
      return night;
    });
    console.info(`a tiny night: ${starts.toFixed(1)} starts of Node`);
    expect(starts).toBeLessThan(TINY_NIGHT_STARTS * NOISE);
  } finally {
    await desk.close();
  }
});

/** How many times Node would have started meanwhile: the median of so many tries over that of as many starts. */
async function startsOf(tries: number, work: (time: number) => Promise<{ readonly seconds: number }>): Promise<number> {
  const seconds: number[] = [];
  const bare: number[] = [];
  for (let time = 1; time <= tries; time += 1) {
    const begun = performance.now();
    await execute(process.execPath, ['-e', '0']);
    bare.push((performance.now() - begun) / 1000);
    seconds.push((await work(time)).seconds);
  }
  return median(seconds) / median(bare);
}

function median(numbers: number[]): number {
  return numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
}
