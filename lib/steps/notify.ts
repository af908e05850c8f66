import { asNightfeedError, NightfeedError } from '../core/errors.ts';
import { keys, parseRunName } from '../core/run/keys.ts';
import type { RunMessage } from '../core/run/message.ts';
import { MOST_NIGHTS, usualNumbers } from '../core/run/usual-numbers.ts';
import type { Channel } from '../ports/channel.ts';
import type { WithLedger } from '../ports/ledger/ledger.ts';
import type { Outbox, WaitingMessage } from '../ports/ledger/outbox.ts';
import type { Runs } from '../ports/ledger/runs.ts';
import type { Ports } from '../ports/ports.ts';
import { readFeed } from './run/feed-document.ts';

export type NotifyPorts = Pick<Ports, 'channels' | 'store' | 'reach' | 'say'> & WithLedger<Outbox & Pick<Runs, 'runs'>>;

/**
 * Tells the messages in the ledger's outbox to all channels of their feeds. What a channel does not take stays there for the next run: a
 * night never fails because of a message, and neither a channel nor a feed waits for another. Resolves to how many messages everybody has
 * by now.
 */
export async function notify(ports: NotifyPorts): Promise<number> {
  let sent = 0;
  const keep = (thrown: unknown) =>
    ports.say(`messages are kept for the next run: ${asNightfeedError(thrown).message}`);
  try {
    for (const waiting of await ports.ledger.outbox())
      if (await relay(waiting, ports).catch(keep)) {
        await ports.ledger.markSent(waiting.id);
        sent += 1;
      }
  } catch (thrown) {
    keep(thrown);
  }
  return sent;
}

/** Whether everybody has the message who wants it. */
async function relay(waiting: WaitingMessage, ports: NotifyPorts): Promise<boolean> {
  const channels = await channelsFor(waiting, ports);
  if (channels === null) return false;
  let usual: Promise<RunMessage> | undefined;
  const message = () => {
    usual ??= withUsual(waiting.message, ports);
    return usual;
  };
  let isTold = true;
  for (const channel of channels)
    if (channel.wants(waiting.message) && !waiting.told[channel.name]?.isTaken)
      isTold = (await tell(waiting, message, channel, ports)) && isTold;
  return isTold;
}

/** Twice as many runs as nights: some dates have several, and some were not published. */
const LOOKED_AT = 2 * MOST_NIGHTS;

async function withUsual(message: RunMessage, { ledger }: NotifyPorts): Promise<RunMessage> {
  const run = parseRunName(message.run);
  if (run === undefined || Object.keys(message.tables).length === 0) return message;
  const usual = usualNumbers(run, await ledger.runs({ feed: run.feed, limit: LOOKED_AT }));
  return Object.keys(usual).length === 0 ? message : { ...message, usual };
}

/** null for a feed of another lake, or without a run: only its own processes know its channels. */
async function channelsFor(
  { message, feedHash }: WaitingMessage,
  ports: NotifyPorts,
): Promise<readonly Channel[] | null> {
  const feed = message.run.split('/')[0]!;
  try {
    return await ports.channels(feed, async () => {
      if (feedHash === null) throw new NightfeedError('OBJECT_MISSING', `${feed} had no run yet`);
      return readFeed(ports, keys.feed(feed, feedHash));
    });
  } catch (thrown) {
    if (asNightfeedError(thrown).name === 'OBJECT_MISSING') return null;
    throw thrown;
  }
}

/** Whether the channel has the message. One that is down, or that another process is telling it, has it later. */
async function tell(
  { id, began, ended }: WaitingMessage,
  message: () => Promise<RunMessage>,
  channel: Channel,
  ports: NotifyPorts,
): Promise<boolean> {
  if (channel.isDown()) return false;
  // Before the channel is ours to tell: what fails here keeps nobody else from telling it.
  const known = await message();
  if (!(await ports.ledger.beginTelling(id, channel.name))) return false;
  const times = began && ended && { times: { began: began.toISOString(), ended: ended.toISOString() } };
  const refusal = await channel.send({ ...known, ...times }).then(() => null, asNightfeedError);
  if (refusal === null) await ports.reach('notify.sent');
  else ports.say(`${channel.name} did not take a message, which is kept for the next run: ${refusal.message}`);
  await ports.ledger.endTelling(id, channel.name, refusal && `${refusal.name}: ${refusal.message}`);
  return refusal === null;
}
