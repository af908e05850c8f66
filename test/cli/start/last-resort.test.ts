import { expect, onTestFinished, test } from 'vitest';
import { withStray } from '../../../lambdas/stray.ts';
import { answerOf, Desk, itemsCsv, nightfeed } from '../../support/nights/command-line.ts';

/** Code that runs in the command before its own. */
const before = (code: string) => ({ NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` });

const stray = {
  'an unhandled rejection': `Promise.reject(new Error('said the test'))`,
  'an uncaught exception': `setImmediate(() => { throw new Error('said the test') })`,
};

test.each(Object.entries(stray))(
  '%s amid a night: one answer, and the same command again goes on',
  async (_what, fault) => {
    const desk = await Desk.open();
    onTestFinished(() => desk.close());
    await desk.deliver('2026-11-20', itemsCsv(3));
    const code = `const timer = setInterval(() => {
    if (process.listenerCount('SIGTERM') === 0) return;
    clearInterval(timer);
    ${fault};
  }, 1)`;

    const broken = await nightfeed(['run', desk.feed, '--date', '2026-11-20', '--json'], {
      ...desk.env,
      ...before(code),
    });
    const again = await desk.ask('run', desk.feed, '--date', '2026-11-20');

    expect(broken.code).toBe(1);
    expect(answerOf(broken)).toMatchObject({
      state: 'failed',
      error: { name: 'UNFORESEEN', message: 'said the test' },
    });
    expect(again).toMatchObject({ code: 0, answer: { state: 'published' } });
  },
);

test('a function fails with what nobody caught, and leaves the listeners of its runtime as they were', async () => {
  const listeners = process.listeners('unhandledRejection');
  const work = withStray(() => {
    void Promise.reject(new Error('said the test'));
    return new Promise(() => {});
  });

  await expect(work).rejects.toThrow('said the test');
  expect(process.listeners('unhandledRejection')).toEqual(listeners);
});
