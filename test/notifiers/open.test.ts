import { expect, test } from 'vitest';
import { z } from 'zod';
import { NightfeedError } from '../../lib/core/errors.ts';
import type { FeedChannel } from '../../lib/core/feed/descriptors/notifier-descriptor.ts';
import type { Feed } from '../../lib/core/feed/spec.ts';
import { secret } from '../../lib/core/feed/values/text-forms.ts';
import { type RunMessage, runMessage } from '../../lib/core/run/message.ts';
import { openChannels } from '../../lib/notifiers/open.ts';
import type { ChosenNotifier, NotifierKind, PresentNotifier } from '../../lib/ports/notifier-kind.ts';

const shop = { feed: 'shop', revision: 1 };
const message = (day: number, more: Partial<Parameters<typeof runMessage>[0]> = {}) =>
  runMessage({ run: { ...shop, date: `2026-11-${day}` }, state: 'published', changeSet: null, tables: {}, ...more });
const published = message(20);
const rejects = message(21, { tables: { items: { inserted: 1, rejected: 2 } } });
const late = message(22, { state: 'late' });

interface Away {
  isAway: boolean;
  asked: number;
}

function present(name: string, got: string[], away: Away = { isAway: false, asked: 0 }): PresentNotifier {
  const send = async ({ id }: RunMessage) => {
    away.asked += 1;
    if (away.isAway) throw new NightfeedError('NOTIFIER_UNAVAILABLE', `${name} is away`);
    got.push(id);
  };
  return { name, runs: 'here', open: async () => ({ send }) };
}

/** Keeps what it was opened with and what it was sent. */
function pager(opened: unknown[], got: string[], more: Partial<ChosenNotifier> = {}): ChosenNotifier {
  return {
    name: 'pager',
    options: z.strictObject({ key: secret, place: z.string() }),
    reach: ({ place }: { place: string }) => place,
    openChannel: async (options: unknown, secrets) => {
      opened.push({ options, secrets });
      return { send: async ({ id }) => void got.push(id) };
    },
    ...more,
  } as ChosenNotifier;
}

async function channelsOf(kinds: readonly NotifierKind[], channels: readonly FeedChannel[] = []) {
  const of = await openChannels(kinds, {
    runs: 'here',
    setting: () => undefined,
    say: () => {},
    secret: async (reference) => {
      if (reference === 'env:MISSING') throw new NightfeedError('SECRET_MISSING', 'MISSING is not set');
      return `value of ${reference}`;
    },
  });
  return of('shop', async () => ({ feed: 'shop', channels }) as unknown as Feed);
}

test('a kind that feed files do not name is told of every feed, where it runs', async () => {
  const got: string[] = [];
  const elsewhere: PresentNotifier = { ...present('bus', got), runs: 'in the cloud' };
  const unwanted: PresentNotifier = { name: 'unwanted', runs: 'here', open: async () => null };
  const channels = await channelsOf([present('mail', got), elsewhere, unwanted]);
  expect(channels.map(({ name }) => name)).toEqual(['mail']);
  await channels[0]!.send(published);
  expect(got).toEqual([published.id]);
});

test('a channel that was away is down, so that nobody waits for it twice; one that refused a message is not', async () => {
  const state = { isAway: true, asked: 0 };
  const [channel] = await channelsOf([present('mail', [], state)]);
  expect(channel!.isDown()).toBe(false);
  await expect(channel!.send(published)).rejects.toThrow('mail is away');
  expect(channel!.isDown()).toBe(true);
  const refused = new NightfeedError('MESSAGE_REFUSED', 'it is too long');
  const openChannel = async () => ({ send: () => Promise.reject(refused) });
  const options = { pager: { key: 'env:KEY', place: '' } };
  const [other] = await channelsOf([pager([], [], { openChannel })], [options]);
  await expect(other!.send(published)).rejects.toBe(refused);
  expect(other!.isDown()).toBe(false);
});

test('a channel of a feed is opened at its first message, with the values of its secrets', async () => {
  const [opened, got]: [unknown[], string[]] = [[], []];
  const options = { key: 'env:KEY', place: 'here' };
  const [channel] = await channelsOf([pager(opened, got)], [{ pager: options }]);
  expect(opened).toEqual([]);
  await channel!.send(published);
  await channel!.send(late);
  expect(opened).toEqual([{ options, secrets: { key: 'value of env:KEY' } }]);
  expect(got).toEqual([published.id, late.id]);
});

test('a secret that is missing is a refusal of its channel alone', async () => {
  const got: string[] = [];
  const missing = { pager: { key: 'env:MISSING', place: 'there' }, name: 'first' };
  const channels = await channelsOf(
    [pager([], got)],
    [missing, { pager: { key: 'env:KEY', place: 'here' }, name: 'second' }],
  );
  expect(channels.map(({ name }) => name)).toEqual(['first', 'second']);
  await expect(channels[0]!.send(published)).rejects.toMatchObject({ name: 'SECRET_MISSING' });
  await channels[1]!.send(published);
  expect(got).toEqual([published.id]);
});

test('a kind that this program does not have is a refusal, not silence', async () => {
  const [channel] = await channelsOf([], [{ pager: {} }]);
  expect(channel!.wants(published)).toBe(true);
  await expect(channel!.send(published)).rejects.toMatchObject({ name: 'NOTIFIER_UNAVAILABLE' });
});

test.each([
  [{}, {}, [true, true, true]],
  [{ severity: 'warning' }, {}, [false, true, true]],
  [{ severity: 'error' }, {}, [false, false, true]],
  [{}, { severity: 'error' }, [false, false, true]],
  [{ severity: 'info' }, { severity: 'error' }, [true, true, true]],
  // What ends the trouble is told too.
  [{}, { severity: 'error', resolves: true }, [true, true, true]],
] as const)(
  'a channel with %j of a kind with %j wants what went well, was unusual, is wrong: %j',
  async (options, kind, wanted) => {
    const [channel] = await channelsOf([pager([], [], kind)], [{ pager: { key: 'env:KEY', place: '' }, ...options }]);
    expect([published, rejects, late].map((each) => channel!.wants(each))).toEqual(wanted);
  },
);

test('a channel’s link leads to what the message is about, and does not name the channel', async () => {
  const got: (string | undefined)[] = [];
  const linked = pager([], [], { openChannel: async () => ({ send: async ({ link }) => void got.push(link) }) });
  const channel = { link: 'https://wiki.example.com/{run}', pager: { key: 'env:KEY', place: 'here' } };
  const channels = await channelsOf([linked], [channel as FeedChannel]);
  expect(channels.map(({ name }) => name)).toEqual(['pager']);
  await channels[0]!.send(published);
  expect(got).toEqual(['https://wiki.example.com/shop%2F2026-11-20']);
});
