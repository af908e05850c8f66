import { expect, test } from 'vitest';
import { NightfeedError } from '../../lib/core/errors.ts';
import { type RunMessage, runMessage } from '../../lib/core/run/message.ts';
import { openNotifiers } from '../../lib/notifiers/open.ts';
import type { NotifierKind } from '../../lib/ports/notifier-kind.ts';
import { notify } from '../../lib/steps/notify.ts';

const messages = ['2026-11-20', '2026-11-21'].map((date) =>
  runMessage({ run: { feed: 'shop', date, revision: 1 }, state: 'published', changeSet: null, tables: {} }),
);

/** A kind that takes messages, unless it is away. */
function kind(name: string, got: string[], state: { isAway: boolean; asked: number }): NotifierKind {
  const send = async ({ id }: RunMessage) => {
    state.asked += 1;
    if (state.isAway) throw new NightfeedError('NOTIFIER_UNAVAILABLE', `${name} is away`);
    got.push(id);
  };
  return { name, runs: 'here', open: async () => ({ send }) };
}

test('a notifier that is away keeps no message from the others, and gets all of them later', async () => {
  const [mail, bus]: [string[], string[]] = [[], []];
  const state = { isAway: true, asked: 0 };
  const kinds = [kind('bus', bus, state), kind('mail', mail, { isAway: false, asked: 0 })];
  const ids = messages.map(({ id }) => id);
  const unsent = new Set(ids);
  const said: string[] = [];
  const relay = async () => {
    const notifier = await openNotifiers(kinds, 'here', { setting: () => undefined, say: () => {} });
    const ledger = {
      outbox: async () => messages.filter(({ id }) => unsent.has(id)).map((message) => ({ id: message.id, message })),
      markSent: async (id: string) => void unsent.delete(id),
    };
    return notify({ notifier: notifier!, ledger, reach: async () => {}, say: (text) => void said.push(text) });
  };

  expect(await relay()).toBe(0);
  expect([mail, bus]).toEqual([ids, []]);
  // It was not waited for twice.
  expect(state.asked).toBe(1);
  expect(said).toEqual(ids.map(() => 'messages are kept for the next run: bus is away'));

  state.isAway = false;
  expect(await relay()).toBe(2);
  expect(bus).toEqual(ids);
  expect(unsent.size).toBe(0);
});
