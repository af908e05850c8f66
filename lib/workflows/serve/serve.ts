import { createHash } from 'node:crypto';
import { asNightfeedError } from '../../core/errors.ts';
import type { DueNight, ScheduledFeed } from '../../core/schedule/due-nights.ts';
import { FeedNights } from './feed-nights.ts';
import type { ServedFeed, ServeEvent, ServePorts } from './serve-ports.ts';
import { Turns } from './turns.ts';

export interface ServeSettings {
  /** How many nights work at once. Those that wait for their delivery do not count. */
  readonly nightsAtOnce: number;
  /** Seconds over which the beginnings of nights are spread. */
  readonly jitter: number;
  /** Who serves, for the ledger. */
  readonly by: string;
}

const TURN_MS = 5_000;
const RELAY_MS = 300_000;
/** So many nights may wait for their deliveries beside those that work: each is a process. */
const MOST_WAITING = 30;

/** Runs the nights of all feeds at their moments, until it is stopped and the nights at work have ended. */
export async function serve(settings: ServeSettings, ports: ServePorts, stopped: AbortSignal): Promise<void> {
  const serving = new Serving(settings, ports);
  while (!stopped.aborted) {
    await serving.turn();
    ports.turned();
    await ports.sleep(TURN_MS);
  }
  await serving.end();
}

class Serving {
  readonly #settings: ServeSettings;
  readonly #ports: ServePorts;
  readonly #turns: Turns;
  readonly #nights = new Map<string, FeedNights>();
  readonly #atWork = new Set<Promise<void>>();
  /** What went wrong with a feed when it was looked at last, so that it is told once. */
  readonly #troubles = new Map<string, string>();
  #relaying: Promise<void> | undefined;
  #relayAt = 0;

  constructor(settings: ServeSettings, ports: ServePorts) {
    this.#settings = settings;
    this.#ports = ports;
    this.#turns = new Turns(settings.nightsAtOnce);
  }

  async turn(): Promise<void> {
    const served = await this.#ports.feeds();
    this.#forget(served);
    const due: { readonly served: ServedFeed; readonly night: DueNight; readonly nights: FeedNights }[] = [];
    for (const each of served) {
      const nights = this.#nightsOf(each);
      const night = nights && (await this.#lookAt(each, nights));
      if (night) due.push({ served: each, night, nights });
    }
    const first = due.sort((one, other) => one.night.begins.getTime() - other.night.begins.getTime());
    for (const each of first.slice(0, this.#settings.nightsAtOnce + MOST_WAITING - this.#atWork.size))
      this.#begin(each);
    this.#relay(served);
  }

  async end(): Promise<void> {
    await Promise.all([...this.#atWork, this.#relaying]);
  }

  /** A feed without a schedule has no nights. */
  #nightsOf({ feed }: ServedFeed): FeedNights | undefined {
    if (!feed.schedule) return undefined;
    const surroundings = {
      by: this.#settings.by,
      now: () => this.#ports.now(),
      tell: (event: ServeEvent) => this.#ports.tell(event),
    };
    const known = this.#nights.get(feed.feed) ?? new FeedNights(surroundings);
    this.#nights.set(feed.feed, known);
    return known;
  }

  #forget(served: readonly ServedFeed[]): void {
    const names = new Set(served.map(({ feed }) => feed.feed));
    for (const [name, nights] of this.#nights)
      if (!names.has(name) && !nights.isAtWork) {
        this.#nights.delete(name);
        this.#troubles.delete(name);
      }
  }

  async #lookAt(served: ServedFeed, nights: FeedNights): Promise<DueNight | undefined> {
    const feed = served.feed as ScheduledFeed;
    try {
      const ledger = await this.#ports.ledgerOf(served);
      const night = await nights.due(feed, ledger, jitterOf(feed.feed, this.#settings.jitter));
      if (ledger && (await nights.judge(feed, ledger))) this.#relayAt = 0;
      this.#troubles.delete(feed.feed);
      return night;
    } catch (thrown) {
      const { name, message } = asNightfeedError(thrown);
      if (this.#troubles.get(feed.feed) !== message)
        this.#ports.tell({ event: 'trouble', feed: feed.feed, error: { name, message } });
      this.#troubles.set(feed.feed, message);
      return undefined;
    }
  }

  #begin({ served, night, nights }: { served: ServedFeed; night: DueNight; nights: FeedNights }): void {
    nights.begin();
    const work = this.#run(served, night, nights).finally(() => {
      this.#atWork.delete(work);
      this.#ports.wake();
    });
    this.#atWork.add(work);
  }

  async #run(served: ServedFeed, { date }: DueNight, nights: FeedNights): Promise<void> {
    const { feed } = served.feed;
    this.#ports.tell({ event: 'begins', feed, date });
    let give: Promise<() => void> | undefined;
    const ended = await this.#ports.night(served, date, async () => {
      give ??= this.#turns.take();
      await give;
    });
    void give?.then((done) => done());
    const again = nights.end(date, ended.exit);
    this.#ports.tell({ event: 'ended', feed, date, ...ended, again_at: again?.toISOString() ?? null });
  }

  /** Tells what waits for a channel, beside the nights. */
  #relay(served: readonly ServedFeed[]): void {
    const now = this.#ports.now().getTime();
    if (this.#relaying || now < this.#relayAt) return;
    this.#relayAt = now + RELAY_MS;
    this.#relaying = this.#relayAll(served).finally(() => {
      this.#relaying = undefined;
    });
  }

  async #relayAll(served: readonly ServedFeed[]): Promise<void> {
    for (const [, [first, ...others]] of Map.groupBy(served, ({ home }) => home)) {
      const ledger = await this.#ports.ledgerOf(first!).catch(() => null);
      const waiting = (await ledger?.outbox().catch(() => [])) ?? [];
      for (const each of [first!, ...others])
        if (waiting.some(({ message }) => message.run.startsWith(`${each.feed.feed}/`))) await this.#ports.relay(each);
    }
  }
}

/** Milliseconds; the same for a feed each night, so that its nights are a day apart. */
function jitterOf(feed: string, seconds: number): number {
  const share = createHash('sha256').update(feed).digest().readUInt32BE() / 2 ** 32;
  return Math.floor(share * seconds * 1000);
}
