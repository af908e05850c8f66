import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setImmediate as turn } from 'node:timers/promises';
import type postgres from 'postgres';
import { NightfeedError } from '../../../core/errors.ts';
import { connect } from './connection.ts';
import { databaseError, isConnectionError, isLoginError } from './errors.ts';

/** URL of the database, or how to learn it before each connection, because its password may change. */
export type Address = string | (() => Promise<string>);

/** `null` and what a statement may take as $1, $2, …; objects only where PostgreSQL expects json. */
type Parameter = string | number | boolean | null | object;

/** Statements on one connection, each awaited before the next. Every failure is a NightfeedError. */
export interface Connection {
  query<Row>(text: string, parameters: readonly Parameter[]): Promise<Row[]>;
  /** Several statements without parameters in one message; the rows of the last one that has any. */
  script<Row>(text: string): Promise<Row[]>;
  /** Feeds COPY … FROM STDIN. */
  copyIn(text: string, rows: Readable): Promise<void>;
  /** Writes what COPY … TO STDOUT gives, at the sink's pace, and ends it. */
  copyOut(text: string, sink: Writable): Promise<void>;
  /** COMMIT as a message of its own; `sent` runs when it has left and before its answer is looked at. */
  commit(sent?: () => Promise<void>): Promise<void>;
  /** No statement can follow, and the server ends the transaction. */
  readonly lost: boolean;
}

/** A connection that opens by need, does one piece of work after another, and is opened anew when it was lost. */
export class Session {
  readonly #address: Address;
  #client: Client | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(address: Address) {
    this.#address = address;
  }

  /** Runs `work` when all earlier work is done, so that nobody else's statement gets into its transaction. */
  alone<T>(work: (db: Connection) => Promise<T>): Promise<T> {
    const mine = this.#last.then(() => this.#run(work));
    this.#last = mine.catch(() => {});
    return mine;
  }

  async close(): Promise<void> {
    await this.#client?.end();
    this.#client = undefined;
  }

  async #run<T>(work: (db: Connection) => Promise<T>): Promise<T> {
    const idle = this.#client;
    if (idle && !idle.lost) {
      const answered = idle.answered;
      try {
        return await work(idle);
      } catch (error) {
        // It had died at rest, of a restart or a firewall: the first statement finds that out. Nothing was done yet, or it
        // was a single statement that may be repeated, as all of ours that stand alone.
        if (!idle.lost || idle.answered > answered) throw error;
      }
    }
    try {
      return await work(await this.#connect());
    } catch (error) {
      // The password was changed between reading and using it. Without a login nothing was done.
      if (typeof this.#address === 'string' || !isLoginError(error)) throw error;
      return work(await this.#connect());
    }
  }

  async #connect(): Promise<Client> {
    this.#client = new Client(typeof this.#address === 'string' ? this.#address : await this.#address());
    return this.#client;
  }
}

/** `work` in one transaction: committed when it resolves, rolled back when it throws. */
export async function transaction<T>(db: Connection, work: () => Promise<T>): Promise<T> {
  await db.script('BEGIN');
  try {
    const result = await work();
    await db.commit();
    return result;
  } catch (error) {
    await rollback(db);
    throw error;
  }
}

/** Ends a transaction that failed; its own failure would only hide the first one, and the server rolls back anyway. */
export async function rollback(db: Connection): Promise<void> {
  if (!db.lost) await db.script('ROLLBACK').catch(() => {});
}

const END_SECONDS = 1;

class Client implements Connection {
  lost = false;
  answered = 0;
  readonly #sql: postgres.Sql;

  constructor(url: string) {
    this.#sql = connect(url, () => {
      this.lost = true;
    });
  }

  async query<Row>(text: string, parameters: readonly Parameter[]): Promise<Row[]> {
    return this.#answer(
      () => this.#sql.unsafe(text, parameters as postgres.ParameterOrJSON<never>[]) as unknown as Promise<Row[]>,
    );
  }

  async script<Row>(text: string): Promise<Row[]> {
    const results = await this.#answer(async () => (await this.#sql.unsafe(text)) as unknown as Row[] | Row[][]);
    return (Array.isArray(results.at(-1)) ? results.at(-1) : results) as Row[];
  }

  async copyIn(text: string, rows: Readable): Promise<void> {
    await this.#answer(async () => {
      const statement = this.#sql.unsafe(text);
      const sink = await statement.writable();
      // The statement counts as answered for the library: an error after the last row would reach nobody.
      Object.assign(statement, { reject: (error: Error) => sink.destroy(error) });
      await pipeline(rows, sink);
    });
  }

  async copyOut(text: string, sink: Writable): Promise<void> {
    await this.#answer(async () => {
      const rows = await this.#sql.unsafe(text).readable();
      await pipeline(rows, sink);
    });
  }

  async commit(sent: () => Promise<void> = async () => {}): Promise<void> {
    await this.#answer(async () => {
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
    });
  }

  async end(): Promise<void> {
    await this.#sql.end({ timeout: this.lost ? 0 : END_SECONDS });
  }

  async #answer<T>(ask: () => Promise<T>): Promise<T> {
    if (this.lost) throw new NightfeedError('DATABASE_UNAVAILABLE', 'the connection to PostgreSQL was lost');
    try {
      const answer = await ask();
      this.answered += 1;
      return answer;
    } catch (error) {
      // The library tells of the close only later, and a statement in between would never be answered.
      if (isConnectionError(error)) this.lost = true;
      throw databaseError(error);
    }
  }
}
