import { feedSchema } from '../../lib/feed-file/feed.ts';
import type { EndedNight } from '../../lib/ports/telemetry.ts';

const feed = feedSchema.parse({
  feed: 'shop',
  source: { folder: '.' },
  target: { schema: 'shop' },
  tables: { items: { files: 'items.csv', columns: { id: { type: 'bigint', key: true }, price: 'decimal(12,2)' } } },
});

const none = { returned: 0, unchanged: 7, filtered: 0, suspended: 0, engine: 'duckdb' };

/** A night that was published, in two steps. */
export const published: EndedNight = {
  run: { feed: 'shop', date: '2026-11-20', revision: 2 },
  fence: 3,
  at: new Date('2026-11-20T02:00:00.000Z'),
  feed,
  state: 'published',
  error: null,
  endedAt: new Date('2026-11-20T02:01:01.500Z'),
  tables: { items: { ...none, rows: 10, inserted: 1, updated: 2, gone: 3, rejected: 1 } },
  steps: [
    {
      step: 'pull',
      outcome: 'pulled',
      host: 'here',
      beganAt: '2026-11-20T02:00:01.000Z',
      endedAt: '2026-11-20T02:00:31.000Z',
      seconds: 30,
      bytes: 8_000_000_000,
      rows: 10,
      cpuSeconds: 12.5,
      peakMemoryBytes: 300_000_000,
      freeDiskBytes: null,
    },
    {
      step: 'publish',
      error: 'DATABASE_UNAVAILABLE',
      host: 'here',
      beganAt: '2026-11-20T02:00:31.000Z',
      endedAt: '2026-11-20T02:01:00.000Z',
      seconds: 29,
    },
  ],
  files: { items: [{ name: 'items ü.csv', size: 8_000_000_000 }] },
};

export const refused: EndedNight = {
  ...published,
  state: 'refused',
  error: { name: 'NOT_GZIP', message: 'the vendor said hush', hint: 'Ask the vendor.' },
  tables: {},
  files: {},
};
