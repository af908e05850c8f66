import type { Readable, Writable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import type postgres from 'postgres';
import { NightfeedError } from '../../../core/errors.ts';
import { connect, type Link } from './connection.ts';
import { receive, send } from './copy.ts';
import { databaseError, isConnectionError } from './errors.ts';
import { type Limits, loneLimits, type Patience } from './limits.ts';
import { beginText } from './settings.ts';
import { missingStandby } from './standby.ts';
import { transaction } from './transaction.ts';

/** `null` and what a statement may take as $1, $2, …; objects only where PostgreSQL expects json. */
export type Parameter = string | number | boolean | null | object;

const END_SECONDS = 1;

/**
 * One connection of the library's, which nobody waits for any longer than our patience lasts. No statement runs outside of a
 * transaction that has our settings: only there do they hold from the first statement on, whatever session a pooler hands out.
 */
export class Client {
  lost = false;
  answered = 0;
  readonly #link: Link;
  readonly #patience: Patience;
  /** Rejects when the connection is given up. */
  readonly #givenUp: Promise<never>;
  #giveUp: (error: NightfeedError) => void = () => {};
  /** Of the transaction that is open. */
  #limits: Partial<Limits> | undefined;
  /** Process of the server, unless a pooler is in between and tells a number of its own. */
  #backend: number | undefined;
  readonly #url: string;

  constructor(url: string, patience: Patience) {
    this.#url = url;
    this.#patience = patience;
    this.#link = connect(url, () => {
      this.lost = true;
    });
    this.#givenUp = new Promise((_resolve, reject) => {
      this.#giveUp = reject;
    });
    this.#givenUp.catch(() => {});
  }

  async query<Row>(text: string, parameters: readonly Parameter[]): Promise<Row[]> {
    return this.#inTransaction(
      () => this.#sql.unsafe(text, parameters as postgres.ParameterOrJSON<never>[]) as unknown as Promise<Row[]>,
    );
  }

  async write(text: string, parameters: readonly Parameter[]): Promise<number> {
    return this.#inTransaction(
      async () => (await this.#sql.unsafe(text, parameters as postgres.ParameterOrJSON<never>[])).count,
    );
  }

  async script<Row>(text: string): Promise<Row[]> {
    const results = await this.#inTransaction(async () => (await this.#sql.unsafe(text)) as unknown as Row[] | Row[][]);
    return (Array.isArray(results.at(-1)) ? results.at(-1) : results) as Row[];
  }

  async begin(limits: Partial<Limits>): Promise<void> {
    this.#limits = {};
    try {
      const begun = await this.#answer(() => this.#sql.unsafe(beginText(limits)));
      this.#backend = begun.state?.pid;
      this.#limits = limits;
    } catch (error) {
      await this.rollback();
      throw error;
    }
  }

  async copyIn(text: string, rows: Readable): Promise<void> {
    await this.#copy(() => send(this.#sql.unsafe(text), rows, this.#copySilence()));
  }

  async copyOut(text: string, sink: Writable): Promise<void> {
    await this.#copy(() => receive(this.#sql.unsafe(text), sink, this.#copySilence()));
  }

  async commit(sent: () => Promise<void> = async () => {}): Promise<void> {
    const { commitMs, lookMs } = this.#patience;
    const look = setTimeout(() => this.#lookForStandby().catch(() => {}), lookMs);
    const ask = async () => {
      const answer = this.#sql.unsafe('COMMIT');
      // Settled here too, because `sent` may throw before anybody waits for the answer.
      const settled = answer.then(
        (result) => result.command,
        (error: unknown) => ({ error }),
      );
      // The library writes to the socket in the next turn of the event loop.
      await turn();
      await turn();
      await sent();
      const command = await settled;
      if (typeof command !== 'string') throw command.error;
      // PostgreSQL answers COMMIT with ROLLBACK when a statement had failed before.
      if (command !== 'COMMIT')
        throw new NightfeedError('DATABASE_REFUSED', `PostgreSQL answered COMMIT with ${command}`);
    };
    try {
      await this.#answer(ask, commitMs);
    } finally {
      clearTimeout(look);
      this.#limits = undefined;
    }
  }

  /** Its own failure would only hide the one before it, and the server rolls back anyway. */
  async rollback(): Promise<void> {
    if (this.#limits && !this.lost) await this.script('ROLLBACK').catch(() => {});
    this.#limits = undefined;
  }

  async end(): Promise<void> {
    await this.#sql.end({ timeout: this.lost ? 0 : END_SECONDS });
    this.#link.destroy();
  }

  get #sql(): postgres.Sql {
    return this.#link.sql;
  }

  /** While it gets on, a COPY may take as long as it takes: the server's limit for statements is not meant for it. */
  async #copy(work: () => Promise<void>): Promise<void> {
    if (!this.#limits) return transaction(this, loneLimits, () => this.#copy(work));
    const { statementMs } = this.#limits;
    await this.script('SET LOCAL statement_timeout = 0');
    await this.#answer(work, null);
    if (statementMs !== undefined) await this.script(`SET LOCAL statement_timeout = ${statementMs}`);
  }

  #inTransaction<T>(ask: () => Promise<T>): Promise<T> {
    const answer = () => this.#answer(ask);
    return this.#limits ? answer() : transaction(this, loneLimits, answer);
  }

  #copySilence() {
    const { copyMs } = this.#patience;
    return { limitMs: copyMs, over: () => this.#abandon(silent(copyMs)) };
  }

  /** The first statement also waits for the login, which has a limit of its own. */
  #statementMs(): number {
    const { statementMs } = this.#limits ?? {};
    const limitMs = statementMs === undefined ? this.#patience.loneMs : statementMs + this.#patience.marginMs;
    return this.answered === 0 ? limitMs + this.#link.loginMs : limitMs;
  }

  /** `limitMs` null: whoever asks watches over the silence itself. */
  async #answer<T>(ask: () => Promise<T>, limitMs: number | null = this.#statementMs()): Promise<T> {
    if (this.lost) throw new NightfeedError('DATABASE_UNAVAILABLE', 'the connection to PostgreSQL was lost');
    const timer = limitMs === null ? undefined : setTimeout(() => this.#abandon(silent(limitMs)), limitMs);
    try {
      const answer = await Promise.race([ask(), this.#givenUp]);
      this.answered += 1;
      return answer;
    } catch (error) {
      // The library tells of the close only later, and a statement in between would never be answered.
      if (isConnectionError(error)) this.lost = true;
      throw databaseError(error, this.#sql.options.user);
    } finally {
      clearTimeout(timer);
    }
  }

  #abandon(why: NightfeedError): void {
    this.lost = true;
    this.#giveUp(why);
    this.#link.destroy();
  }

  /** Over another connection: this one waits. */
  async #lookForStandby(): Promise<void> {
    if (this.#backend === undefined) return;
    const other = new Client(this.#url, this.#patience);
    try {
      const missing = await missingStandby((text) => other.script(text), this.#backend);
      if (missing && this.#limits) this.#abandon(missing);
    } finally {
      await other.end();
    }
  }
}

function silent(milliseconds: number): NightfeedError {
  const message = `PostgreSQL said nothing for ${milliseconds / 1000} s; the connection was given up`;
  return new NightfeedError('DATABASE_UNAVAILABLE', message);
}
