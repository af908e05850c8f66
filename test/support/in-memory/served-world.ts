import type { BusinessDate } from '../../../lib/core/feed/business-date.ts';
import type { RunMessage } from '../../../lib/core/run/message.ts';
import type { RunState } from '../../../lib/core/run/state.ts';
import { type Feed, feedSchema } from '../../../lib/feed-file/feed.ts';
import type { Notice } from '../../../lib/ports/ledger/expected-nights.ts';
import { type ServeSettings, serve } from '../../../lib/workflows/serve/serve.ts';
import type {
  NightEnd,
  ServedFeed,
  ServeEvent,
  ServeLedger,
  ServePorts,
} from '../../../lib/workflows/serve/serve-ports.ts';

type Ending = Pick<NightEnd, 'exit' | 'state'>;

/** Feeds, a clock that jumps, and a ledger that nights leave their states in. */
export class ServedWorld {
  clock: Date;
  feeds: readonly Feed[];
  /** Nights in the order in which they began, with the moment. */
  readonly begun: { readonly feed: string; readonly date: BusinessDate; readonly at: string }[] = [];
  readonly events: ServeEvent[] = [];
  readonly states = new Map<string, RunState>();
  readonly missed = new Set<string>();
  readonly notices = new Map<string, RunMessage>();
  readonly relayed: string[] = [];
  /** Before this instant the ledger keeps no message. */
  noticesFrom = '1970-01-01T00:00:00Z';
  /** Why the ledger cannot be asked now. */
  away: Error | undefined;
  /** How a night ends, and when. */
  ends: (feed: string, date: BusinessDate, turn: () => Promise<void>) => Ending | Promise<Ending> = () => ({
    exit: 0,
    state: 'published',
  });
  #served: readonly ServedFeed[] = [];

  constructor(begin: string, feeds: readonly Feed[]) {
    this.clock = new Date(begin);
    this.feeds = feeds;
  }

  /** Serves until a moment; the clock jumps so many minutes at a time. */
  async until(end: string, minutes = 30, settings: Partial<ServeSettings> = {}): Promise<void> {
    const stopping = new AbortController();
    const ports = this.#ports(() => {
      this.clock = new Date(this.clock.getTime() + minutes * 60_000);
      if (this.clock >= new Date(end)) stopping.abort();
    });
    await serve({ nightsAtOnce: 2, jitter: 0, by: 'the test', ...settings }, ports, stopping.signal);
  }

  dates(feed = 'shop'): BusinessDate[] {
    return this.begun.filter((night) => night.feed === feed).map(({ date }) => date);
  }

  get ledger(): ServeLedger {
    const states = (feed: string) => [...this.states].filter(([name]) => name.startsWith(`${feed}/`));
    const dateOf = (name: string) => name.split('/')[1]!;
    const keep = ({ message }: Notice) => void (this.notices.has(message.id) || this.notices.set(message.id, message));
    return {
      newestDate: async (feed) => {
        const known = states(feed).map(([name, state]) => ({
          date: dateOf(name),
          isUnfinished: state === 'failed' || state === 'running',
        }));
        const missed = [...this.missed].filter((name) => name.startsWith(`${feed}/`));
        const all = [...known, ...missed.map((name) => ({ date: dateOf(name), isUnfinished: false }))];
        return all.sort((one, other) => one.date.localeCompare(other.date)).at(-1) ?? null;
      },
      stateOf: async (feed, date) => this.states.get(`${feed}/${date}`) ?? null,
      keepMissed: async (feed, dates, { message }) => {
        const found = dates.filter(
          (date) => !this.states.has(`${feed}/${date}`) && !this.missed.has(`${feed}/${date}`),
        );
        for (const date of found) this.missed.add(`${feed}/${date}`);
        if (found.length > 0) keep(message(found));
        return found;
      },
      missed: async () => [],
      keepNotice: async (notice) => {
        if (this.clock < new Date(this.noticesFrom)) throw new Error('the ledger keeps nothing now');
        keep(notice);
      },
      outbox: async () =>
        [...this.notices].map(([id, message]) => ({ id, message, feedHash: null, began: null, ended: null, told: {} })),
    };
  }

  #ports(jump: () => void): ServePorts {
    return {
      now: () => this.clock,
      sleep: async () => {
        // Nights that end at once have ended by then.
        for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
        jump();
      },
      wake: () => {},
      feeds: async () => {
        if (
          this.#served.map(({ feed }) => feed).some((feed, at) => feed !== this.feeds[at]) ||
          this.#served.length !== this.feeds.length
        )
          this.#served = this.feeds.map((feed) => ({ feed, file: `/${feed.feed}.yaml`, home: '/home' }));
        return this.#served;
      },
      ledgerOf: async () => {
        if (this.away) throw this.away;
        return this.ledger;
      },
      night: async ({ feed: { feed } }, date, turn) => {
        this.begun.push({ feed, date, at: this.clock.toISOString() });
        const end = await this.ends(feed, date, turn);
        if (end.state) this.states.set(`${feed}/${date}`, end.state);
        return { run: `${feed}/${date}`, error: null, seconds: 1, ...end };
      },
      relay: async ({ feed: { feed } }) => {
        this.relayed.push(feed);
        for (const id of this.notices.keys()) if (id.startsWith(`${feed}/`)) this.notices.delete(id);
      },
      tell: (event) => void this.events.push(event),
      turned: () => {},
    };
  }
}

/** A feed with this schedule; unless it is dated, no name carries the date. */
export function scheduledFeed(feed: string, schedule: object, isDated = false): Feed {
  return feedSchema.parse({
    feed,
    source: { folder: isDated ? './inbox/{date}' : './inbox' },
    schedule,
    tables: { items: { files: 'items.csv', columns: { id: { type: 'bigint', key: true } } } },
  });
}
