import { expect, test, vi } from 'vitest';
import { runMessage } from '../../../lib/core/run/message.ts';
import { commandNotifier } from '../../../lib/notifiers/command/command.ts';
import { command } from '../../../lib/notifiers/command/descriptor.ts';

const message = runMessage({
  run: { feed: 'shop', date: '2026-11-20', revision: 1 },
  state: 'published',
  changeSet: null,
  tables: {},
});
const open = (run: string, allowed?: string) =>
  command.openChannel(
    { run, args: [] },
    {},
    { setting: (name) => (name === 'PATH' ? process.env.PATH : allowed), say: () => {} },
  );

test('a program that nobody allowed is not started', async () => {
  await expect(open('/bin/cat')).rejects.toThrow('/bin/cat is not on the list in NIGHTFEED_COMMANDS');
  await expect(open('/bin/cat', '/bin/true:/bin/catalogue')).rejects.toThrow('is not on the list');
  await expect((await open('/bin/cat', '/bin/true:/bin/cat')).send(message)).resolves.toBeUndefined();
});

test.each([
  ['exit 3', 'it ended with 3: "no"'],
  ['kill -TERM $$', 'it was ended by SIGTERM'],
])('a program that does `%s` did not take it', async (script, expected) => {
  const notifier = commandNotifier('/bin/sh', ['-c', `echo no >&2; ${script}`], process.env.PATH);
  await expect(notifier.send(message)).rejects.toThrow(expected);
});

test('a program that is not there, or does not read, is an answer too', async () => {
  await expect(commandNotifier('/no/program', [], '').send(message)).rejects.toMatchObject({
    name: 'NOTIFIER_UNAVAILABLE',
  });
  const long = { ...message, tables: { items: { notes: Array(50_000).fill('a note') } } };
  await expect(commandNotifier('/bin/true', [], process.env.PATH).send(long)).resolves.toBeUndefined();
});

test('it gets none of our secrets', async () => {
  vi.stubEnv('SHOP_PASSWORD', 'secret');
  const notifier = commandNotifier('/bin/sh', ['-c', '[ -z "$SHOP_PASSWORD" ]'], process.env.PATH);
  await expect(notifier.send(message)).resolves.toBeUndefined();
  vi.unstubAllEnvs();
});

test('what a program left running is not waited for', async () => {
  const notifier = commandNotifier('/bin/sh', ['-c', 'cat > /dev/null; sleep 60 & exit 0'], process.env.PATH);
  const start = performance.now();
  await notifier.send(message);
  expect(performance.now() - start).toBeLessThan(50_000);
});
