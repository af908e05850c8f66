import { expect, test } from 'vitest';
import { isVerifyDue } from '../../../lib/core/run/verify.ts';
import { feedSchema } from '../../../lib/feed-file/feed.ts';

const now = new Date('2026-11-20T02:00:00Z');
const ago = (days: number) => new Date(now.getTime() - days * 86_400_000);
const feedWith = (ready: object) =>
  feedSchema.parse({
    feed: 'shop',
    source: { folder: '.' },
    ready,
    tables: { items: { files: 'items.csv', columns: { id: { type: 'bigint', key: true } } } },
  });

test.each([
  ['published', {}, 6.9, false],
  ['published', {}, 7.1, true],
  ['unchanged', { verify: 'weekly' }, 7.1, true],
  ['unchanged', { verify: 'weekly' }, 0, false],
  ['published', { verify: 'always' }, 0, true],
  ['published', { verify: 'never' }, 400, false],
  ['held', { verify: 'always' }, 400, false],
  ['rejected', { verify: 'always' }, 400, false],
  ['superseded', {}, 400, false],
] as const)('%s with %j, last read %s days ago: %s', (state, ready, days, due) => {
  expect(isVerifyDue(feedWith(ready), state, ago(days), now)).toBe(due);
});
