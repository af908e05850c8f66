import type { FeedNumbers } from '../../core/metrics/feed-numbers.ts';

/** What the ledger knows of feeds now, for whoever watches them. */
export interface Numbers {
  /** By name of the feed. */
  numbers(): Promise<FeedNumbers[]>;
}
