import { NightfeedError } from '../../core/errors.ts';
import { feedDocument, feedText } from '../../core/feed/feed-document.ts';
import { contentHash } from '../../core/feed/reading-spec.ts';
import type { Feed } from '../../core/feed/spec.ts';
import { readObject } from '../../core/objects/object-kind.ts';
import { feedHashOf } from '../../core/run/feed-key.ts';
import { keys } from '../../core/run/keys.ts';
import { damaged } from '../../core/run/sealed.ts';
import type { Ports } from '../../ports/ports.ts';
import { keep } from './keep.ts';

/**
 * Reads a feed from the lake, where its key has the hash of its content. Throws OBJECT_MISSING, OBJECT_DAMAGED, OBJECT_MALFORMED and
 * OBJECT_NEWER.
 */
export async function readFeed({ store }: Pick<Ports, 'store'>, key: string): Promise<Feed> {
  const text = await store.readText(key);
  if (text === null) throw new NightfeedError('OBJECT_MISSING', `the feed document is not in the lake: ${key}`);
  // The last part of the key is the hash of the content.
  if (!hashOf(text).startsWith(/([0-9a-f]+)\.json$/.exec(key)?.[1] ?? '')) throw damaged(key);
  return readObject(feedDocument, text, key);
}

/** Stores a feed in the lake; resolves to the hash in its key. */
export async function keepFeed(feed: Feed, ports: Pick<Ports, 'store'>): Promise<string> {
  const hash = feedHashOf(feed);
  // Another writer may have written the same fields in another order.
  await keep(ports, keys.feed(feed.feed, hash), feedText(feed), (found) => hashOf(found).startsWith(hash));
  return hash;
}

function hashOf(text: string): string {
  try {
    return contentHash(JSON.parse(text));
  } catch {
    return '';
  }
}
