import { expect, test } from 'vitest';
import { explainHold } from '../../../lib/core/guards/explain-hold.ts';
import { objectFindings } from '../../../lib/core/guards/target-object.ts';
import type { DiffReceipt } from '../../../lib/core/run/diff-receipt.ts';
import { feedSchema } from '../../../lib/feed-file/feed.ts';

const feedOf = (target: object) =>
  feedSchema.parse({
    feed: 'shop',
    source: { folder: '.' },
    target,
    tables: { products: { files: '*.csv', columns: { id: { type: 'integer', key: true } } } },
  });
const receipt: DiffReceipt = { base: null, delivery: 'd', tables: {} };
const objects = [
  { table: 'products', name: 'trigger products.audit' },
  { table: 'products', name: 'rule products.keep' },
];

test('each object that the feed file does not accept by its whole name holds', () => {
  const found = objectFindings(feedOf({ accept: ['trigger products.audit', 'rule products.kee'] }), {
    ...receipt,
    objects,
  });
  expect(found).toMatchObject([
    { severity: 'hold', hold: { table: 'products', guard: 'TARGET_OBJECT', object: 'rule products.keep' } },
  ]);
  expect(explainHold(found[0]!.hold)).toBe(
    'rule products.keep can change rows unseen; the feed file accepts it with `target: {accept: ["rule products.keep"]}`',
  );
});

test('a receipt from before has none, and a feed without the option is what it was', () => {
  expect(objectFindings(feedOf({}), receipt)).toEqual([]);
  expect(feedOf({}).target).toEqual({ schema: 'public' });
});
