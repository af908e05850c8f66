import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { inTime } from '../../lib/cloud/step-limit.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a step of a container that takes longer than it may has died, however long the others may take', async () => {
  const six = inTime('pull', new Promise(() => {}));
  const four = inTime('diff', new Promise(() => {}));
  const ended = Promise.allSettled([four, six]);
  await vi.advanceTimersByTimeAsync(4 * 3_600_000);
  await expect(four).rejects.toMatchObject({ name: 'EXECUTION_DIED', message: 'diff took longer than 4 hours' });
  expect(await Promise.race([six.catch(() => 'died'), Promise.resolve('at work')])).toBe('at work');
  await vi.advanceTimersByTimeAsync(2 * 3_600_000);
  expect((await ended).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});

test('a step in time is answered, and leaves no timer', async () => {
  expect(await inTime('pull', Promise.resolve('pulled'))).toBe('pulled');
  expect(vi.getTimerCount()).toBe(0);
});
