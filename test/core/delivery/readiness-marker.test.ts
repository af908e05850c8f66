import { describe, expect, test } from 'vitest';
import { type Look, readinessOf } from '../../../lib/core/delivery/readiness.ts';
import { date, feedOf, file, look, receiptOf, seenFor } from '../../support/vendors/listings.ts';

describe('with a marker', () => {
  const young = [file('products_20261120.csv', 10, 2), file('stock.csv', 10, 1)];

  test('that is dated, nothing else is waited for, and nothing goes before it', () => {
    expect(look({ marker: 'done_{yyyymmdd}' }, [...young, file('done_20261119')])).toMatchObject({ kind: 'absent' });
    expect(look({ marker: 'done_{yyyymmdd}' }, [...young, file('done_20261120', 0, 99)])).toMatchObject({
      kind: 'ready',
    });
  });

  test('in a folder of the date, too', () => {
    const feed = feedOf({ marker: '_SUCCESS' }, undefined, 'out/{date}');
    const ready = readinessOf(feed, date, { listed: [...young, file('_SUCCESS', 0, 99)] });
    expect(ready.kind).toBe('ready');
    expect(receiptOf(ready)).not.toHaveProperty('marker');
  });

  const marker = '_SUCCESS';
  const undated = (age: number | null, more: Partial<Look> = {}) =>
    look({ marker }, [...young, file(marker, 0, age)], more);

  test('without a date, it must not be older than the files, and still two looks are needed', () => {
    expect(undated(3)).toMatchObject({
      kind: 'absent',
      reason:
        'the marker "_SUCCESS" has no date and is older than "products_20261120.csv"; one that the vendor does not write anew proves nothing: put {date} into ready.marker, or take it out',
    });
    expect(undated(1.5)).toMatchObject({ kind: 'absent', reason: expect.stringContaining('older than "stock.csv"') });
    const first = undated(1);
    expect(first).toMatchObject({ kind: 'settling', seconds: 60, receipt: { marker: { name: marker } } });
    expect(undated(1, seenFor(60, first))).toMatchObject({ kind: 'ready', receipt: { marker: { name: marker } } });
    expect(undated(0, seenFor(60, first))).toMatchObject({ kind: 'settling' });
  });

  test('without a date, that of the last delivery does not count again', () => {
    for (const age of [1, 0, -5])
      expect(undated(1, { lastMarker: file(marker, 0, age) })).toMatchObject({
        kind: 'absent',
        reason:
          'the marker "_SUCCESS" has no date and was not written anew since the last delivery (to read that one again, run its own date)',
      });
    expect(undated(1, { lastMarker: file(marker, 0, 86_400) })).toMatchObject({ kind: 'settling' });
  });

  test('without a date, and without a time, it says nothing', () => {
    expect(undated(null)).toMatchObject({
      kind: 'absent',
      reason: expect.stringContaining('put {date} into ready.marker'),
    });
  });
});
