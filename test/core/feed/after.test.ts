import { expect, test } from 'vitest';
import { feedSchema } from '../../../lib/feed-file/feed.ts';

const complaints = (after: unknown, source: object = { folder: './inbox/{date}' }) => {
  const tables = { items: { files: '*.csv', columns: { id: { type: 'bigint', key: true } } } };
  const { error } = feedSchema.safeParse({ feed: 'shop', source, tables, after });
  return error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];
};

test.each(['keep', 'delete', { move: 'done' }, { move: './done/{date}' }, { move: 'inbox' }])('%j is fine', (after) => {
  expect(complaints(after)).toEqual([]);
});

test.each([
  ['zip', 'after: expected keep, delete or {move: PATH}'],
  [{ move: '' }, /^after/],
  [{ move: 'done\r\nDELE *' }, /control characters/],
  [{ move: 'inbox/{date}' }, /is where the source looks/],
  [{ move: './inbox//{yyyy}-{mm}-{dd}/' }, /is where the source looks/],
])('%j is refused', (after, complaint) => {
  expect(complaints(after).join('\n')).toMatch(complaint);
});

test('a path of a server is compared too', () => {
  const source = { s3: { bucket: 'vendor', path: '/out/' } };
  expect(complaints({ move: 'out' }, source).join()).toMatch(/is where the source looks/);
  expect(complaints({ move: 'done' }, source)).toEqual([]);
});
