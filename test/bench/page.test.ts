import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Contestant } from '../../bench/contestant.ts';
import { type Run, writePage } from '../../bench/page.ts';

const peak = { sampled: 90e6, atMost: 95e6, server: null };

test('a run takes the place of the earlier one of its shape; the others stay, in order of their rows', () => {
  const folder = mkdtempSync(join(tmpdir(), 'page-test-'));
  const path = join(folder, 'benchmarks.md');
  for (const [rows, seconds] of [[90_000_000, 5] as const, [1000, 1] as const, [90_000_000, 4] as const]) {
    writePage(runOf(rows, seconds), path);
  }
  const page = readFileSync(path, 'utf8');
  rmSync(folder, { recursive: true });

  expect(page.match(/^## .*/gm)).toEqual([
    '## 1,000 rows: 1 % changed, 0.3 % new, 0.2 % gone',
    '## 90,000,000 rows: 1 % changed, 0.3 % new, 0.2 % gone',
  ]);
  expect(page).toContain('| walk | 4.00 s | 4.00 … 4.00 |');
  expect(page).not.toContain('5.00 s');
  expect(page.match(/^# Benchmarks/gm)).toHaveLength(1);
});

test('a contestant is put in relation to the one it names, and one that was left out says so', () => {
  const folder = mkdtempSync(join(tmpdir(), 'page-test-'));
  const path = join(folder, 'benchmarks.md');
  const { results, ...run } = runOf(1000, 2);
  const [walk] = results;
  const faster = {
    ...walk!,
    contestant: { ...walk!.contestant, name: 'faster', title: 'faster', against: 'walk' },
    repetitions: [repetition(0.5)],
  };
  const skipped = { ...walk!, contestant: { ...walk!.contestant, name: 'skipped', title: 'skipped' }, repetitions: [] };
  writePage({ ...run, results: [walk!, faster, skipped] }, path);
  const page = readFileSync(path, 'utf8');
  rmSync(folder, { recursive: true });

  expect(page).toMatch(/\| faster +\| 0\.50 s +\| 0\.50 … 0\.50 +\| 4\.0 times faster than walk \| 90 MB/);
  expect(page).toMatch(/\| skipped +\| left out/);
});

function runOf(rows: number, seconds: number): Run {
  const shape = { rows, changed: 0.01, inserted: 0.003, gone: 0.002, shuffled: 'none', top: 0, block: 0 } as const;
  const contestant: Contestant = {
    name: 'walk',
    title: 'walk',
    group: 'diff',
    prepare: async () => {},
    run: async () => ({ counts: {} }),
  };
  return {
    shape,
    results: [{ contestant, repetitions: [repetition(seconds)] }],
    command: 'npm run bench',
    machine: 'a machine',
  };
}

function repetition(seconds: number) {
  return { seconds, laps: [{ name: 'walk', seconds, peak }], outcome: { counts: {} } };
}
