import { expect, test } from 'vitest';
import { runTrial } from './run-trial.ts';

/** A trial that notes what becomes of it; a step fails by its name. */
async function runs(failing: readonly string[], abortedAfter?: string) {
  const done: string[] = [];
  const controller = new AbortController();
  const work = (name: string) => async () => {
    done.push(name);
    if (name === abortedAfter) controller.abort();
    if (failing.includes(name)) throw new Error(`${name} went wrong`);
  };
  const steps = ['deploy', 'night'].map((name) => ({ name, does: `does ${name}`, run: work(name) }));
  const said: string[] = [];
  const watching = { say: (text: string) => void said.push(text), signal: controller.signal };
  const results = await runTrial(steps, { remove: work('remove') }, watching);
  return { done, said, failed: results.flatMap(({ step, failure }) => (failure ? [step] : [])) };
}

test('runs every step, and removes everything at the end', async () => {
  const { done, failed, said } = await runs([]);
  expect({ done, failed }).toEqual({ done: ['deploy', 'night', 'remove'], failed: [] });
  expect(said[0]).toBe('deploy: does deploy');
  expect(said.at(-1)).toMatch(/^remove: succeeded in \d+ s$/);
});

test('a step that fails ends the trial, and everything is removed', async () => {
  const { done, failed, said } = await runs(['deploy']);
  expect({ done, failed }).toEqual({ done: ['deploy', 'remove'], failed: ['deploy'] });
  expect(said.join('\n')).toContain('deploy went wrong');
});

test('whoever ends it waits for the step at work, and everything is removed', async () => {
  expect(await runs([], 'deploy')).toMatchObject({ done: ['deploy', 'remove'], failed: [] });
});

test('a removal that fails is told, beside what failed before', async () => {
  expect(await runs(['night', 'remove'])).toMatchObject({ failed: ['night', 'remove'] });
});
