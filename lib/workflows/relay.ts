import { asNightfeedError } from '../core/errors.ts';
import type { Feed } from '../core/feed/spec.ts';
import { type RunMessage, runMessage } from '../core/run/message.ts';
import type { WithLedger } from '../ports/ledger/ledger.ts';
import type { Outbox, WaitingMessage } from '../ports/ledger/outbox.ts';
import type { Ports } from '../ports/ports.ts';
import { type NotifyPorts, notify } from '../steps/notify.ts';

/** A message that a channel did not take when it was told last. */
export interface Undelivered {
  readonly run: string;
  readonly state: RunMessage['state'];
  readonly channel: string;
  readonly attempts: number;
  /** ISO instant of the last attempt. */
  readonly tried_at: string;
  readonly reason: string;
}

export interface Tried {
  readonly channel: string;
  /** Why it did not take the message; null when it did. */
  readonly reason: string | null;
}

/** Sends what waits of a feed to the channels that its feed file has now. Resolves to how many messages everybody has by now. */
export function relay(feed: Feed, ports: NotifyPorts): Promise<number> {
  return notify({
    ...ports,
    channels: (name, read) => ports.channels(name, name === feed.feed ? async () => feed : read),
  });
}

/** Sends a message that says it is a test to every channel of a feed, whatever it wants. A pager is paged, and at once told that it is over. */
export async function tryChannels(feed: Feed, ports: Pick<Ports, 'channels' | 'now'>): Promise<Tried[]> {
  const at = ports.now().toISOString();
  const run = { feed: feed.feed, date: at.slice(0, 10), revision: 1 };
  const message: RunMessage = {
    ...runMessage({ run, state: 'superseded', changeSet: null, tables: {} }),
    id: `${feed.feed}/test:${at}`,
    subject: `nightfeed ${feed.feed}: a test of the channel, there is nothing to do`,
    isTest: true,
  };
  const tried: Tried[] = [];
  for (const { name, send } of await ports.channels(feed.feed, async () => feed)) {
    const reason = await send(message).then(() => null, asNightfeedError);
    tried.push({ channel: name, reason: reason && `${reason.name}: ${reason.message}` });
  }
  return tried;
}

/** What waits because a channel refused it, oldest first; of all feeds, or of one. */
export async function undelivered({ ledger }: WithLedger<Outbox>, feed?: string): Promise<Undelivered[]> {
  const waiting = await ledger.outbox();
  return waiting.filter(({ message }) => feed === undefined || message.run.startsWith(`${feed}/`)).flatMap(refusalsOf);
}

function refusalsOf({ message, told }: WaitingMessage): Undelivered[] {
  return Object.entries(told).flatMap(([channel, { attempts, at, refusal }]) =>
    refusal === null
      ? []
      : [
          {
            run: message.run,
            state: message.state,
            channel,
            attempts,
            tried_at: new Date(at).toISOString(),
            reason: refusal,
          },
        ],
  );
}
