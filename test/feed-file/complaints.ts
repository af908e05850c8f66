import { expect } from 'vitest';
import { parseFeed } from '../support/parse-feed.ts';

/** A feed file with nothing to complain about; the tests write faults into it. */
export const good = `feed: shop
source:
  folder: ./inbox
tables:
  items:
    files: items.csv
    columns:
      id: {type: bigint, key: true}
      name: text
`;

/** What the reader of this feed file is told. */
export function complaintsOf(text: string): string {
  try {
    parseFeed(text, 'feed.yaml');
  } catch (error) {
    expect(error).toMatchObject({ name: 'FEED_INVALID', state: 'usage' });
    return (error as Error).message;
  }
  throw new Error('expected a complaint');
}
