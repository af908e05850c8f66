import { expect, test } from 'vitest';
import { showStepAtWork, showStepTimes } from '../../bin/cli/output/step-times.ts';
import type { ListedRun } from '../../lib/workflows/runs.ts';

const began_at = '2026-11-20T02:13:40.250Z';
const ended = { began_at, ended_at: '2026-11-20T02:13:41.500Z', seconds: 1.25, attempts: 1 };
const open = { began_at, ended_at: null, seconds: null, attempts: 2 };

test('a run at work says which step it is at, and since when', () => {
  const run = runOf('running', { arrive: ended, pull: open });
  expect(showStepAtWork(run)).toBe('pull since 02:13:40');
  expect(showStepTimes(run)).toBe('arrive 1.3 s, pull since 02:13:40 (2 attempts)');
  expect(showStepAtWork(runOf('running', { arrive: ended }))).toBe('');
});

test('a step that no process ended has no seconds', () => {
  expect(showStepTimes(runOf('failed', { pull: open }))).toBe('pull begun at 02:13:40, without an end (2 attempts)');
});

test('nothing is said of a run of an older version, nor by a pipeline of one', () => {
  expect(showStepTimes(runOf('published', {}))).toBe('');
  const { step_times, ...older } = runOf('running', { pull: open });
  expect(step_times).toBeDefined();
  expect([showStepTimes(older as ListedRun), showStepAtWork(older as ListedRun)]).toEqual(['', '']);
});

function runOf(state: ListedRun['state'], step_times: ListedRun['step_times']): ListedRun {
  return { run: 'shop/2026-11-20', state, abandoned: false, step_times } as ListedRun;
}
