import type { Feed } from '../core/feed/spec.ts';
import type { RunMessage } from '../core/run/message.ts';
import type { Notifier } from './notifier.ts';

/** Somebody who is told of a feed's runs. */
export interface Channel extends Notifier {
  /** The ledger keeps under it what the channel took. */
  readonly name: string;
  wants(message: RunMessage): boolean;
  /** It did not answer as it should when it was told last: nothing more is tried, so that nobody waits for it twice. */
  isDown(): boolean;
}

/** Everybody who is told of a feed's runs; `read` reads the feed file as its newest run had it. */
export type ChannelsOf = (feed: string, read: () => Promise<Feed>) => Promise<readonly Channel[]>;
