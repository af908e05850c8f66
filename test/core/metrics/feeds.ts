import type { FeedNumbers } from '../../../lib/core/metrics/feed-numbers.ts';

export const nothing: FeedNumbers = {
  feed: 'new',
  ends: {},
  goodAt: null,
  last: null,
  steps: [],
  storage: [],
  running: 0,
  held: 1,
  untold: 0,
};

/** A night of a table whose filtered rows are not known. */
export const night: FeedNumbers = {
  feed: 'shop',
  ends: { published: 2, late: 1 },
  goodAt: 1795140000.25,
  last: {
    state: 'published',
    endedAt: 1795140000.25,
    seconds: 61.5,
    marginSeconds: -3,
    files: 2,
    bytes: 8e9,
    tables: [{ table: 'items', rowsIn: 1203411, rejected: 3, filtered: null, inserted: 1, updated: 2, gone: 0 }],
  },
  steps: [{ step: 'pull', seconds: 3.25, cpuSeconds: 1e-7, peakMemoryBytes: null }],
  storage: [
    { zone: 'landing', table: 'items', bytes: 5, objects: 1 },
    { zone: 'receipts', table: null, bytes: 7, objects: 2 },
  ],
  running: 0,
  held: 0,
  untold: 1,
};
