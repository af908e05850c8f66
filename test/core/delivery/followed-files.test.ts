import { expect, test } from 'vitest';
import { followedFiles } from '../../../lib/core/delivery/candidate.ts';
import { parseFeed } from '../../support/parse-feed.ts';

const feed = parseFeed(
  'feed: shop\nsource: {folder: inbox}\ntables:\n  t: {files: "t*.csv", columns: {id: {type: bigint, key: true}}}',
  'feed.yaml',
);
const file = (name: string) => ({ name, size: 5, modified: '2026-11-20T02:00:00.000Z' });
const dead = (name: string) => ({ name, size: 0, modified: null, unfollowed: true as const });

test('a dead link that no table takes is passed over; one in the place of a file is refused by name', () => {
  const listed = [file('t1.csv'), dead('latest.txt')];
  expect(followedFiles(feed, '2026-11-20', listed)).toEqual([file('t1.csv')]);
  expect(() => followedFiles(feed, '2026-11-20', [...listed, dead('t2.csv')])).toThrow(
    expect.objectContaining({
      name: 'SOURCE_DENIED',
      message: expect.stringContaining('"t2.csv" fits the files of t'),
    }),
  );
});
