import {
  type FeedChannel,
  kindOfChannel,
  type NotifierDescriptor,
  nameOfChannel,
} from './descriptors/notifier-descriptor.ts';
import { type FeedSource, kindOf, type SourceDescriptor } from './descriptors/source-descriptor.ts';
import { channelSecrets, sourceSecrets } from './secrets.ts';

/** Which server a feed file calls and which secrets it sends there, for the person who reviews a change of the file. */
export interface Reach {
  /** Kind of the source. */
  readonly kind: string;
  /** The server with its port, the bucket, or the folder. */
  readonly place: string;
  /** Names of the secrets that are sent there, never values. */
  readonly secrets: readonly string[];
}

export function reachOf(feed: { readonly source: FeedSource }, kinds: readonly SourceDescriptor[]): Reach {
  const kind = kindOf(feed.source, kinds);
  const { place, logins = [] } = kind.reach(feed.source);
  const secrets = sourceSecrets(feed, kinds).map(({ reference }) => reference);
  return { kind: kind.name, place, secrets: [...secrets, ...logins] };
}

/** Whom a feed file sends messages to, and which secrets that takes. */
export interface ChannelReach {
  readonly name: string;
  readonly kind: string;
  readonly place: string;
  readonly secrets: readonly string[];
}

export function channelReaches(
  { channels = [] }: { readonly channels?: readonly FeedChannel[] | undefined },
  kinds: readonly NotifierDescriptor[],
): ChannelReach[] {
  return channels.flatMap((channel) => {
    const kind = kindOfChannel(channel, kinds);
    if (kind === undefined) return [];
    const place = kind.reach?.(channel[kind.name] as never) ?? kind.name;
    const secrets = channelSecrets(channel, kinds).map(({ reference }) => reference);
    return [{ name: nameOfChannel(channel), kind: kind.name, place, secrets }];
  });
}
