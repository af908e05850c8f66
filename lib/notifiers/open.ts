import { asNightfeedError, NightfeedError } from '../core/errors.ts';
import { deadlineOf } from '../core/feed/business-date.ts';
import { type FeedChannel, kindOfChannel, nameOfChannel } from '../core/feed/descriptors/notifier-descriptor.ts';
import { channelSecrets } from '../core/feed/secrets.ts';
import type { Feed } from '../core/feed/spec.ts';
import { parseRunName } from '../core/run/keys.ts';
import type { RunMessage } from '../core/run/message.ts';
import { messageLink } from '../core/run/message-link.ts';
import { severityOf } from '../core/run/message-severity.ts';
import { isAtLeast } from '../core/run/severity.ts';
import { isFinished } from '../core/run/state.ts';
import type { Channel, ChannelsOf } from '../ports/channel.ts';
import type { Notifier } from '../ports/notifier.ts';
import type { ChosenNotifier, NotifierKind, NotifierSurroundings, PresentNotifier } from '../ports/notifier-kind.ts';
import { within } from './common/within-time.ts';

interface Opening extends NotifierSurroundings {
  readonly runs: PresentNotifier['runs'];
  /** Resolves `env:NAME` and the like; without it no feed's own channels are told. */
  readonly secret?: (reference: string) => Promise<string>;
}

/** A night ends after this time, whatever a channel does. */
const PATIENCE_MS = 45_000;

/** Who is told: every kind that is at hand here, and the channels of the feed. */
export async function openChannels(kinds: readonly NotifierKind[], opening: Opening): Promise<ChannelsOf> {
  const present: Channel[] = [];
  for (const kind of kinds) {
    if (kind.options !== undefined || kind.runs !== opening.runs) continue;
    const notifier = await kind.open(opening);
    if (notifier) present.push({ name: kind.name, wants: () => true, ...sending(async () => notifier) });
  }
  const known = new Map<string, Channel>();
  const { secret } = opening;
  return async (name, read) => {
    if (secret === undefined) return present;
    const feed = await read();
    const own = (feed.channels ?? []).map((channel) => {
      const id = `${name} ${JSON.stringify(channel)}`;
      if (!known.has(id)) known.set(id, chosen(channel, kinds, { ...opening, secret }));
      return withFeed(known.get(id)!, feed, channel);
    });
    return [...present, ...own];
  };
}

/** Tells a channel the deadline and the link as well, which the feed file knows. */
function withFeed(channel: Channel, feed: Feed, { link: pattern }: FeedChannel): Channel {
  return {
    ...channel,
    async send(message) {
      const { run, times } = message;
      const deadline = times && deadlineOf(feed, parseRunName(run)!.date);
      await channel.send({
        ...message,
        ...(deadline ? { times: { ...times, deadline: deadline.toISOString() } } : {}),
        ...(pattern === undefined ? {} : { link: messageLink(pattern, run) }),
      });
    },
  };
}

function chosen(channel: FeedChannel, kinds: readonly NotifierKind[], opening: Required<Opening>): Channel {
  const name = nameOfChannel(channel);
  const kind = kindOfChannel(channel, kinds) as ChosenNotifier | undefined;
  if (kind === undefined) return { name, wants: () => true, ...sending(() => Promise.reject(unknownKind(name))) };
  const least = channel.severity ?? kind.severity ?? 'info';
  const open = async () => {
    const secrets: Record<string, string> = {};
    for (const { option, reference } of channelSecrets(channel, kinds))
      secrets[option] = await opening.secret(reference);
    return kind.openChannel(channel[kind.name] as never, secrets, opening);
  };
  return {
    name,
    wants: (message) => isAtLeast(severityOf(message), least) || (kind.resolves === true && isFinished(message.state)),
    ...sending(open),
  };
}

/** Sends with a notifier that is opened at the first message. A message that is refused as it is says nothing about the next one. */
function sending(open: () => Promise<Notifier>): Pick<Channel, 'send' | 'isDown'> {
  let opened: Promise<Notifier> | undefined;
  let isDown = false;
  const send = async (message: RunMessage) => {
    opened ??= open();
    try {
      await within(PATIENCE_MS, (await opened).send(message));
    } catch (thrown) {
      const error = asNightfeedError(thrown);
      isDown = error.name !== 'MESSAGE_REFUSED';
      throw error;
    }
  };
  return { send, isDown: () => isDown };
}

function unknownKind(name: string): NightfeedError {
  return new NightfeedError('NOTIFIER_UNAVAILABLE', `this program does not know the kind of the channel ${name}`);
}
