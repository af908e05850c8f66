import { asNightfeedError } from '../../../lib/core/errors.ts';
import { feedSchema } from '../../../lib/feed-file/feed.ts';
import type { Ports } from '../../../lib/ports/ports.ts';
import { sources } from '../../../lib/sources/index.ts';
import { openSource } from '../../../lib/sources/open.ts';
import { arrive } from '../../../lib/steps/arrive.ts';
import type { OpenRun } from '../../../lib/steps/run/run-request.ts';
import { ownTime } from '../own-time.ts';

// One look at the source of a feed, in a process of its own, so that its memory can be measured. The feed is the argument, the
// answer a line of JSON.

/** How it ended. */
export interface Arrival {
  /** `ready`, or the error's. */
  readonly name: string;
  readonly message: string;
  readonly files: number;
  readonly peakMegabytes: number;
  readonly seconds: number;
}

const DATE = '2026-11-20';
const feed = feedSchema.parse(JSON.parse(process.argv[2]!));
const ports = {
  ...ownTime(),
  openSource: () => openSource(feed, sources, { date: DATE, folder: '/', secret: (reference) => reference }),
  ledger: { exists: async () => false, note: async () => {} },
  store: { readText: async () => null, create: async () => true },
  sightings: { last: async () => null, keep: async () => {} },
  say: () => {},
  reach: async () => {},
} as unknown as Ports;

const begun = performance.now();
const run = { feed: feed.feed, date: DATE, revision: 1 };
const outcome = await arrive({ request: { feed, date: DATE }, run } as unknown as OpenRun, ports).then(
  ({ files }) => ({ name: 'ready', message: '', files: files.length }),
  (thrown) => ({ name: asNightfeedError(thrown).name, message: asNightfeedError(thrown).message, files: 0 }),
);
const arrival: Arrival = {
  ...outcome,
  peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
  seconds: Math.round((performance.now() - begun) / 1000),
};
console.log(JSON.stringify(arrival));
process.exit();
