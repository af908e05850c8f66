import { NightfeedError } from '../core/errors.ts';
import type { Feed } from '../core/feed/spec.ts';
import type { Ports } from './ports.ts';

/** A feed as the lake keeps it: validated when it was stored, under a key made of its content. Throws OBJECT_MISSING. */
export async function readFeed({ store }: Pick<Ports, 'store'>, key: string): Promise<Feed> {
  const text = await store.readText(key);
  if (text === null) throw new NightfeedError('OBJECT_MISSING', `the feed document is not in the lake: ${key}`);
  return JSON.parse(text) as Feed;
}
