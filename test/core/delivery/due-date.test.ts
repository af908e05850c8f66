import { expect, test } from 'vitest';
import { requireDue } from '../../../lib/core/delivery/due-date.ts';
import { feedSchema } from '../../../lib/feed-file/feed.ts';

const feedIn = (timezone?: string, business_date = 'today') =>
  feedSchema.parse({
    feed: 'shop',
    source: { folder: '.' },
    ...(timezone ? { schedule: { at: '02:00', timezone, business_date } } : {}),
    tables: { items: { files: 'items.csv', columns: { id: { type: 'bigint', key: true } } } },
  });

/** The instant, the zone, and the last date that may be asked for. */
const last: readonly [string, string | undefined, string][] = [
  ['2026-11-20T12:00:00Z', undefined, '2026-11-21'],
  ['2026-11-20T12:00:00Z', 'UTC', '2026-11-21'],
  // It is the next day in Auckland, and the day before on Pago Pago.
  ['2026-11-20T12:00:00Z', 'Pacific/Auckland', '2026-11-22'],
  ['2026-11-20T10:00:00Z', 'Pacific/Pago_Pago', '2026-11-20'],
  ['2026-12-31T23:59:59Z', 'UTC', '2027-01-01'],
  ['2028-02-28T00:00:00Z', 'UTC', '2028-02-29'],
];
const nextDay = (day: string) => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);

test.each(last)('at %s in %s the last date is %s', (now, timezone, date) => {
  const feed = feedIn(timezone);
  const instant = new Date(now);
  expect(requireDue({ feed, date }, instant)).toBeUndefined();
  expect(requireDue({ feed, date: '1999-01-01' }, instant)).toBeUndefined();
  for (const ahead of [nextDay(date), '2062-11-20', '9999-12-31'])
    expect(() => requireDue({ feed, date: ahead }, instant)).toThrow(
      expect.objectContaining({
        name: 'DATE_AHEAD',
        state: 'refused',
        message: expect.stringContaining(`${ahead}; the last one allowed is tomorrow in ${timezone ?? 'UTC'}, ${date}`),
      }),
    );
});

test('force lets it through and says by whom; there is nothing to keep where nothing was refused', () => {
  const [feed, now] = [feedIn('UTC', 'yesterday'), new Date('2026-11-20T12:00:00Z')];
  const force = { by: 'ada', reason: 'the vendor dates by fiscal year' };
  expect(requireDue({ feed, date: '2027-11-20', force }, now)).toEqual({
    error: 'DATE_AHEAD',
    ...force,
    at: now.toISOString(),
  });
  expect(requireDue({ feed, date: '2026-11-21', force }, now)).toBeUndefined();
});
