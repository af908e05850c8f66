import type postgres from 'postgres';
import { quoteIdentifier } from '../../../lib/core/feed/identifier.ts';
import { columnsOf, type Feed } from '../../../lib/core/feed/spec.ts';
import type { Restart } from '../../../lib/ports/target.ts';
import type { ReleaseResult } from '../../../lib/workflows/release/release.ts';
import type { Files, Found, IntakeNight, NamedFile, Peculiar, Rows, Sizes } from './intake-night.ts';

/** What runs the nights of feeds. */
interface Nights {
  readonly sql: postgres.Sql;
  change(feed: Feed, table: Record<string, unknown>, more?: object, restart?: Restart): Promise<Feed>;
  night(feed: Feed, date: string, files: readonly NamedFile[], sizes: Sizes): Promise<IntakeNight>;
  again(feed: Feed, date: string): Promise<IntakeNight>;
  approve(feed: Feed, date: string): Promise<IntakeNight>;
  release(feed: Feed, date: string): Promise<ReleaseResult>;
  found(feed: Feed, date: string): Promise<Found>;
  isProved(feed: Feed): Promise<boolean>;
}

/** A feed of one table; every night has a date of its own. */
export class IntakeFeed {
  readonly #lab: Nights;
  feed: Feed;
  #nights = 0;

  constructor(lab: Nights, feed: Feed) {
    this.#lab = lab;
    this.feed = feed;
  }

  async change(table: Record<string, unknown>, more: Record<string, unknown> = {}, restart?: Restart): Promise<void> {
    this.feed = await this.#lab.change(this.feed, table, more, restart);
  }

  /** What its n-th night rejected, read again. */
  release(night: number): Promise<ReleaseResult> {
    return this.#lab.release(this.feed, dateOf(night));
  }

  /** The last night's date once more. */
  again(): Promise<IntakeNight> {
    return this.#lab.again(this.feed, this.date);
  }

  /** Somebody approves the last night, which is held. */
  approve(): Promise<IntakeNight> {
    return this.#lab.approve(this.feed, this.date);
  }

  /** Of the last night. */
  get date(): string {
    return dateOf(this.#nights);
  }

  night(files: Files, { odd = [], sizes = {}, engine = this.feed.engine }: Peculiar = {}): Promise<IntakeNight> {
    this.#nights += 1;
    return this.#lab.night({ ...this.feed, engine }, this.date, [...Object.entries(files), ...odd], sizes);
  }

  /** What the last night's diff found, by whatever engine. */
  found(): Promise<Found> {
    return this.#lab.found(this.feed, this.date);
  }

  /** Live rows, columns as declared, as PostgreSQL prints them. */
  async rows(): Promise<Rows> {
    const columns = columnsOf(this.feed.tables.t!).map(({ name }) => `${quoteIdentifier(name)}::text`);
    const found = await this.#lab.sql
      .unsafe(
        `SELECT ${columns.join(', ')} FROM ${this.feed.target.schema}.t WHERE _gone_since IS NULL ORDER BY ${keyOf(this.feed)}`,
      )
      .values();
    return [...found] as Rows;
  }

  /** Every column of every row, ours included: the same as long as nobody touched a row. */
  async everything(): Promise<string[]> {
    const found = await this.#lab.sql.unsafe(
      `SELECT t::text, ctid::text FROM ${this.feed.feed}.t ORDER BY ${keyOf(this.feed)}`,
    );
    return found.map((row) => JSON.stringify(row));
  }

  isProved(): Promise<boolean> {
    return this.#lab.isProved(this.feed);
  }
}

const dateOf = (night: number) => new Date(Date.UTC(2026, 0, night)).toISOString().slice(0, 10);

function keyOf(feed: Feed): string {
  return columnsOf(feed.tables.t!)
    .filter(({ key }) => key)
    .map(({ name }) => `t.${quoteIdentifier(name)}`)
    .join(', ');
}
