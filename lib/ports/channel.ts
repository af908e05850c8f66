import type { Feed } from '../core/feed/spec.ts';
import type { RunMessage } from '../core/run/message.ts';
import type { Notifier } from './notifier.ts';

/** Somebody who is told of a feed's runs. */
export interface Channel extends Notifier {
  /** The ledger keeps under it what the channel took. */
  readonly name: string;
  wants(message: RunMessage): boolean;
}

/** Everybody who is told of a feed's runs; `feed` reads the feed file as its newest run had it. */
export type ChannelsOf = (feed: () => Promise<Feed>) => Promise<readonly Channel[]>;
