import { shortHash } from '../feed/reading-spec.ts';
import type { Feed } from '../feed/spec.ts';
import { keys } from './keys.ts';

/** What the key of a feed's document in the lake is made of. */
export function feedHashOf(feed: Feed): string {
  return shortHash(feed);
}

export function feedKeyOf(feed: Feed): string {
  return keys.feed(feed.feed, feedHashOf(feed));
}
