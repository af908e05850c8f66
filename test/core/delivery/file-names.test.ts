import { expect, test } from 'vitest';
import { requireShort } from '../../../lib/core/delivery/file-names.ts';
import { wantedNames } from '../../../lib/core/delivery/wanted.ts';
import { parseFeed } from '../../support/parse-feed.ts';

const feed = parseFeed(
  `feed: shop
source: {folder: inbox}
ready: {marker: "*.done", manifest: {file: "*.manifest"}}
tables:
  t: {files: "t*.csv", columns: {id: {type: bigint, key: true}}}
  n: {files: "n*_{n}.csv", pick: newest, columns: {id: {type: bigint, key: true}}}`,
  'feed.yaml',
);
const isWanted = wantedNames(feed, '2026-11-20');
const list = (...names: string[]) => requireShort(names.filter(isWanted).map((name) => ({ name })));
const long = (start: string, end: string, bytes = 256) => start + 'x'.repeat(bytes - start.length - end.length) + end;

test('a name of 255 bytes is one; what nobody waits for may have a longer one', () => {
  expect(() => list(long('t', '.csv', 255), long('other', ''), 't1.csv')).not.toThrow();
});

test.each([
  long('t', '.csv'),
  long('n', '_7.csv'),
  long('', '.done'),
  long('', '.manifest'),
  `t${'ü'.repeat(126)}.csv`,
  long('', '', 20_000_000),
])('%#: a longer one that the feed waits for is refused', (name) => {
  expect(() => list(name)).toThrow(
    expect.objectContaining({
      name: 'FILE_NAME',
      message: expect.stringMatching(/^"[^"]{100,161}" has \d+ bytes; allowed are 255$/),
    }),
  );
});
