import { beforeEach, expect, test } from 'vitest';
import { NightfeedError } from '../../lib/core/errors.ts';
import type { RunMessage } from '../../lib/core/run/message.ts';
import { runMessage } from '../../lib/core/run/message.ts';
import type { Channel } from '../../lib/ports/channel.ts';
import { notify } from '../../lib/steps/notify.ts';
import { InMemoryLedger } from '../support/in-memory/ledger.ts';
import { inMemoryStore } from '../support/in-memory/store.ts';

const owner = { host: 'here', pid: 1, started: 'today' } as never;
let ledger: InMemoryLedger;
let said: string[];
beforeEach(() => {
  ledger = new InMemoryLedger();
  said = [];
});

/** Leaves a message about a run of each of these dates. */
async function refuse(...dates: string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const date of dates) {
    const claimed = await ledger.claim({ feed: 'shop', date, owner, feedHash: 'hash', folder: '/' });
    if (claimed.kind !== 'open') throw new Error(claimed.kind);
    const { run, fence } = claimed;
    const message = runMessage({ run, state: 'refused', changeSet: null, tables: {} });
    await ledger.stop(run, fence, { state: 'refused', error: null, holds: [], message } as never);
    ids.push(message.id);
  }
  return ids;
}

function channel(name: string, { away = false, wants = true } = {}) {
  const got: string[] = [];
  const state = { away, got, asked: 0, refuses: '' };
  let isDown = false;
  const send = async ({ id }: RunMessage) => {
    state.asked += 1;
    if (id === state.refuses) throw new NightfeedError('MESSAGE_REFUSED', 'it is too long');
    isDown = state.away;
    if (state.away) throw new NightfeedError('NOTIFIER_UNAVAILABLE', `${name} is away`);
    got.push(id);
  };
  return Object.assign(state, { channel: { name, wants: () => wants, send, isDown: () => isDown } satisfies Channel });
}

const relay = (...channels: { channel: Channel }[]) =>
  notify({
    channels: async () => channels.map((each) => each.channel),
    store: inMemoryStore(),
    ledger,
    reach: async () => {},
    say: (text) => void said.push(text),
  });

test('a channel that is away keeps nothing from the others, and gets all of it later, once', async () => {
  const ids = await refuse('2026-11-20', '2026-11-21');
  const [bus, mail] = [channel('bus', { away: true }), channel('mail')];
  expect(await relay(bus, mail)).toBe(0);
  expect(mail.got).toEqual(ids);
  expect(said).toEqual(['bus did not take a message, which is kept for the next run: bus is away']);
  // The second message was not tried, and nothing is said of it.
  expect((await ledger.outbox()).map(({ told }) => told)).toMatchObject([
    { bus: { attempts: 1, isTaken: false, refusal: 'NOTIFIER_UNAVAILABLE: bus is away' }, mail: { isTaken: true } },
    { mail: { attempts: 1, isTaken: true, refusal: null } },
  ]);
  expect((await ledger.outbox())[1]!.told.bus).toBeUndefined();

  // The next process.
  const back = channel('bus');
  expect(await relay(back, mail)).toBe(2);
  expect([back.got, mail.got]).toEqual([ids, ids]);
  expect(await ledger.outbox()).toEqual([]);
});

test('a message that a channel refuses as it is keeps none of the others', async () => {
  const [first, second] = await refuse('2026-11-20', '2026-11-21');
  const bus = channel('bus');
  bus.refuses = first!;
  expect(await relay(bus)).toBe(1);
  expect(bus.got).toEqual([second]);
  expect((await ledger.outbox()).map(({ id, told }) => [id, told.bus!.refusal])).toEqual([
    [first, 'MESSAGE_REFUSED: it is too long'],
  ]);
});

test('what another process is telling is not told twice', async () => {
  const [id] = await refuse('2026-11-20');
  expect(await ledger.beginTelling(id!, 'bus')).toBe(true);
  const bus = channel('bus');
  expect(await relay(bus)).toBe(0);
  expect(bus.got).toEqual([]);
  await ledger.endTelling(id!, 'bus', null);
  expect(await relay(bus)).toBe(1);
  expect(bus.got).toEqual([]);
});

test('a feed whose file is damaged keeps no message of another feed', async () => {
  const [id] = await refuse('2026-11-20', '2026-11-21');
  const bus = channel('bus');
  let asked = 0;
  const channels = async () => {
    asked += 1;
    if (asked === 1) throw new NightfeedError('OBJECT_DAMAGED', 'it is not what was written');
    return [bus.channel];
  };
  const ports = {
    channels,
    store: inMemoryStore(),
    ledger,
    reach: async () => {},
    say: (text: string) => void said.push(text),
  };
  expect(await notify(ports)).toBe(1);
  expect(said).toEqual(['messages are kept for the next run: it is not what was written']);
  expect((await ledger.outbox()).map((each) => each.id)).toEqual([id]);
});

test('a message that a channel does not want waits for nobody', async () => {
  const [id] = await refuse('2026-11-20');
  const [pager, mail] = [channel('pager', { wants: false }), channel('mail')];
  expect(await relay(pager, mail)).toBe(1);
  expect([pager.got, mail.got]).toEqual([[], [id]]);
});

test('a channel that was taken out of the feed file holds nothing up', async () => {
  await refuse('2026-11-20');
  expect(await relay(channel('bus', { away: true }), channel('mail'))).toBe(0);
  expect(await relay(channel('mail'))).toBe(1);
});

test('messages of a feed whose file lies in another lake are left to that one', async () => {
  const [id] = await refuse('2026-11-20');
  const channels = async () => {
    throw new NightfeedError('OBJECT_MISSING', 'the feed document is not in the lake');
  };
  const sent = await notify({
    channels,
    store: inMemoryStore(),
    ledger,
    reach: async () => {},
    say: (text) => void said.push(text),
  });
  expect([sent, said]).toEqual([0, []]);
  expect((await ledger.outbox()).map((each) => each.id)).toEqual([id]);
});

test('a message about tables tells what is usual of them', async () => {
  const told: RunMessage[] = [];
  const mail = channel('mail');
  const send = async (message: RunMessage) => void told.push(message);
  await refuse('2026-11-20');
  const [waiting] = await ledger.outbox();
  const tables = { items: { rows: 5 } };
  const earlier = Array.from({ length: 7 }, (_, day) => ({
    run: { feed: 'shop', date: `2026-11-${19 - day}`, revision: 1 },
    state: 'published',
    tables: { items: { rows: 100 - day } },
  }));
  ledger.outbox = async () => [{ ...waiting!, message: { ...waiting!.message, tables } }];
  ledger.runs = async () => earlier as never;
  expect(await relay({ channel: { ...mail.channel, send } })).toBe(1);
  expect(told).toMatchObject([{ usual: { items: { rows: [94, 100] } } }]);
});

test('what is usual is asked once for a message, and not for a channel that gets nothing', async () => {
  await refuse('2026-11-20');
  const [waiting] = await ledger.outbox();
  ledger.outbox = async () => [{ ...waiting!, message: { ...waiting!.message, tables: { items: { rows: 5 } } } }];
  let asked = 0;
  ledger.runs = async () => {
    asked += 1;
    return [];
  };
  const down = channel('down');
  const [bus, mail] = [channel('bus'), channel('mail')];
  expect(await relay({ channel: { ...down.channel, isDown: () => true } })).toBe(0);
  expect(asked).toBe(0);
  expect(await relay(bus, mail)).toBe(1);
  expect(asked).toBe(1);
});
