import { deadlineOf, nextNightOf } from '../../core/feed/business-date.ts';
import { missedMessage, overdueMessage } from '../../core/run/notices.ts';
import {
  type DueNight,
  dueNights,
  newestNight,
  nextBeginning,
  type ScheduledFeed,
} from '../../core/schedule/due-nights.ts';
import type { ServeLedger, ServePorts } from './serve-ports.ts';

/** Milliseconds until a night that failed, or found its feed busy, is tried again. */
const AFTER_FAILURE = 600_000;
const AFTER_BUSY = 60_000;
const BUSY = 6;
/** A night that still fails then does not keep newer ones from beginning. */
const MOST_TRIES = 6;
/** Exit codes of nights to which nobody but a person or the vendor can add: published or unchanged, held, late, refused. */
const OVER = [0, 3, 4, 5];

interface Surroundings extends Pick<ServePorts, 'now' | 'tell'> {
  /** Who keeps what was missed. */
  readonly by: string;
}

/** The nights of one feed: which is due, which is at work, which failed, which were missed or are overdue. */
export class FeedNights {
  readonly #surroundings: Surroundings;
  /** Nobody could have told before what is overdue. */
  readonly #since: Date;
  #looked: Look | undefined;
  #atWork = false;
  /** The ledger may not know the date of a night that could not open its run. */
  #over = '';
  #failed: { readonly date: string; readonly tries: number; readonly againAt: number } | undefined;
  /** Dates that were compared with their deadlines. */
  #judged: readonly string[] = [];

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
    this.#since = surroundings.now();
  }

  get isAtWork(): boolean {
    return this.#atWork;
  }

  /** The night that can begin now. It keeps dates that nobody can run any more as missed. */
  async due(feed: ScheduledFeed, ledger: ServeLedger | null, delay: number): Promise<DueNight | undefined> {
    if (this.#atWork) return undefined;
    const now = this.#surroundings.now();
    const { run } = await this.#look(feed, ledger, now);
    const [first, ...newer] = run;
    if (first === undefined) return undefined;
    if (this.#failed?.date === first.date) {
      if (newer.length > 0 && this.#failed.tries >= MOST_TRIES) return this.#passOver(feed, ledger, first, delay);
      if (now.getTime() < this.#failed.againAt) return undefined;
    }
    return now.getTime() < first.begins.getTime() + delay ? undefined : first;
  }

  begin(): void {
    this.#atWork = true;
  }

  /** Answers when the night is tried again; null when it is over. */
  end(date: string, exit: number | null): Date | null {
    this.#atWork = false;
    this.#looked = undefined;
    if (exit !== null && OVER.includes(exit)) {
      this.#over = date;
      this.#failed = undefined;
      return null;
    }
    const tries = (this.#failed?.date === date ? this.#failed.tries : 0) + (exit === BUSY ? 0 : 1);
    const againAt = this.#surroundings.now().getTime() + (exit === BUSY ? AFTER_BUSY : AFTER_FAILURE);
    this.#failed = { date, tries, againAt };
    return new Date(againAt);
  }

  /** Says once of each date that its deadline passed and nothing came of it. Resolves to whether there is a message to tell. */
  async judge(feed: ScheduledFeed, ledger: ServeLedger): Promise<boolean> {
    const now = this.#surroundings.now();
    const newest = this.#known(feed, now)?.newest ?? newestNight(feed, now);
    const before = newestNight(feed, new Date(newest.begins.getTime() - 1));
    let isSaid = false;
    for (const { date } of [before, newest]) {
      const deadline = deadlineOf(feed, date) ?? nextNightOf(feed, date)!;
      if (deadline > now || this.#judged.includes(date) || !this.#isOurs(date, newest, deadline)) continue;
      const state = await ledger.stateOf(feed.feed, date);
      if (state !== 'published' && state !== 'unchanged') {
        const message = overdueMessage(feed, date, deadline, state);
        await ledger.keepNotice({ feed: feed.feed, date, kind: 'overdue', message });
        this.#surroundings.tell({ event: 'overdue', feed: feed.feed, date, state });
        isSaid = true;
      }
      // Only now: what the ledger could not keep is said when it can.
      this.#judged = [...this.#judged, date].slice(-2);
    }
    return isSaid;
  }

  /** A deadline that passed before we came says nothing until its night was tried. */
  #isOurs(date: string, newest: DueNight, deadline: Date): boolean {
    if (deadline > this.#since) return true;
    return date === newest.date && !this.#atWork && (this.#over === date || this.#failed?.date === date);
  }

  async #look(feed: ScheduledFeed, ledger: ServeLedger | null, now: Date): Promise<Look> {
    const known = this.#known(feed, now);
    if (known) return known;
    const newest = newestNight(feed, now);
    const last = (await ledger?.newestDate(feed.feed)) ?? null;
    const isOver = this.#over !== '' && this.#over >= (last?.date ?? '');
    const { run, missed } = dueNights(feed, isOver ? { date: this.#over, isUnfinished: false } : last, now);
    if (missed.length > 0 && ledger) await this.#keepMissed(feed, ledger, missed);
    this.#looked = { feed, newest, next: nextBeginning(feed, now), run };
    return this.#looked;
  }

  /** What was found last, while it holds. */
  #known(feed: ScheduledFeed, now: Date): Look | undefined {
    const known = this.#looked;
    return known?.feed === feed && known.newest.begins <= now && now < known.next ? known : undefined;
  }

  async #passOver(feed: ScheduledFeed, ledger: ServeLedger | null, night: DueNight, delay: number) {
    if (ledger) await this.#keepMissed(feed, ledger, [night.date]);
    this.#over = night.date;
    this.#looked = undefined;
    return this.due(feed, ledger, delay);
  }

  async #keepMissed(feed: ScheduledFeed, ledger: ServeLedger, dates: readonly string[]): Promise<void> {
    const { by, now, tell } = this.#surroundings;
    const kept = await ledger.keepMissed(feed.feed, dates, {
      by,
      message: (found) => ({
        feed: feed.feed,
        date: found.at(-1)!,
        kind: 'missed',
        message: missedMessage(feed, found, now()),
      }),
    });
    if (kept.length > 0) tell({ event: 'missed', feed: feed.feed, dates: kept });
  }
}

/** What was found of a feed; it holds until the next night begins, or one ends. */
interface Look {
  readonly feed: ScheduledFeed;
  readonly newest: DueNight;
  readonly next: Date;
  readonly run: readonly DueNight[];
}
