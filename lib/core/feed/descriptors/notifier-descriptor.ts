import type { z } from 'zod';
import type { Severity } from '../../run/severity.ts';

/** What core knows of any channel of a feed. Everything else in it is read by its kind alone. */
export interface FeedChannel {
  /** How the ledger and people know it; without one, by the name of its kind. */
  readonly name?: string | undefined;
  /** Of the least message that it takes; without one, what its kind takes. */
  readonly severity?: Severity | undefined;
  /** Pattern of the address that its messages end with. */
  readonly link?: string | undefined;
  readonly [kind: string]: unknown;
}

/** A kind of notifier as feed files know it. */
export interface NotifierDescriptor {
  /** `- NAME: …` among the channels of a feed file. */
  readonly name: string;
  /** What stands there. A kind without it is nobody's choice: where it is at hand, it is told of all feeds. */
  readonly options?: z.ZodType | undefined;
  /** Of the least message that such a channel takes, unless told; `info` without it. */
  readonly severity?: Severity;
  /** Where it sends messages, for the person who reviews a change of the feed file. */
  reach?(options: never): string;
}

/** The kind of a channel; undefined for one that is not on the list, such as another program's. */
export function kindOfChannel<Kind extends NotifierDescriptor>(
  channel: FeedChannel,
  kinds: readonly Kind[],
): Kind | undefined {
  return kinds.find(({ name, options }) => options !== undefined && Object.hasOwn(channel, name));
}

/** The name by which the ledger knows a channel. */
export function nameOfChannel(channel: FeedChannel): string {
  return channel.name ?? Object.keys(channel).find((option) => option !== 'severity' && option !== 'link')!;
}
