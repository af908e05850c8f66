import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { NightfeedError } from '../../../core/errors.ts';
import { requireOwnLedger } from '../ledger/ledger-owner.ts';
import { Client, type Parameter } from './client.ts';
import { isLoginError } from './errors.ts';
import { type Limits, type Patience, standardPatience } from './limits.ts';

/** URL of the database, or how to learn it before each connection, because its password may change. */
export type Address = string | (() => Promise<string>);

/**
 * Statements on one connection, each awaited before the next, and each in a transaction: the one that is open, or one of its
 * own. Every failure is a NightfeedError.
 */
export interface Connection {
  query<Row>(text: string, parameters: readonly Parameter[]): Promise<Row[]>;
  /** A statement of which only the number of rows that it wrote is of interest. */
  write(text: string, parameters: readonly Parameter[]): Promise<number>;
  /** Several statements without parameters in one message; the rows of the last one that has any. */
  script<Row>(text: string): Promise<Row[]>;
  /** A transaction under settings of our own, until `commit` or `rollback`. */
  begin(limits: Partial<Limits>): Promise<void>;
  /** Feeds COPY … FROM STDIN. */
  copyIn(text: string, rows: Readable): Promise<void>;
  /** Writes what COPY … TO STDOUT gives, at the sink's pace, and ends it. */
  copyOut(text: string, sink: Writable): Promise<void>;
  /** COMMIT as a message of its own; `sent` runs when it has left and before its answer is looked at. */
  commit(sent?: () => Promise<void>): Promise<void>;
  /** Never fails. */
  rollback(): Promise<void>;
  /** No statement can follow, and the server ends the transaction. */
  readonly lost: boolean;
}

/** A connection that opens by need, does one piece of work after another, and is opened anew when it was lost. */
export class Session {
  readonly #address: Address;
  readonly #patience: Patience;
  #client: Client | undefined;
  #used: string | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  constructor(address: Address, patience: Partial<Patience> = {}) {
    this.#address = address;
    this.#patience = { ...standardPatience, ...patience };
  }

  /** Runs `work` when all earlier work is done, so that nobody else's statement gets into its transaction. */
  alone<T>(work: (db: Connection) => Promise<T>): Promise<T> {
    const mine = this.#last.then(() => this.#run(work));
    this.#last = mine.catch(() => {});
    return mine;
  }

  /** For good: what a process that was told to stop makes of its own end must not reach the ledger. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#disconnect();
  }

  async #disconnect(): Promise<void> {
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
        // It had died at rest, of a restart or a firewall: BEGIN, which comes before anything else, finds that out.
        if (!idle.lost || idle.answered > answered) throw error;
      }
    }
    try {
      return await work(await this.#connect());
    } catch (error) {
      // The password was changed between reading and using it. Without a login nothing was done.
      if (typeof this.#address === 'string' || !isLoginError(error)) throw error;
      await this.#awaitRotation(this.#address);
      return work(await this.#connect());
    }
  }

  /** A rotation changes secret and role one shortly after the other, in either order: while the secret is the same, the other is due. */
  async #awaitRotation(address: () => Promise<string>): Promise<void> {
    if ((await address()) === this.#used) await sleep(this.#patience.rotationMs);
  }

  async #connect(): Promise<Client> {
    this.#requireOpen();
    await this.#disconnect();
    this.#used = typeof this.#address === 'string' ? this.#address : await this.#address();
    const client = new Client(this.#used, this.#patience);
    try {
      await requireOwnLedger(client);
      this.#requireOpen();
    } catch (error) {
      await client.end();
      throw error;
    }
    this.#client = client;
    return client;
  }

  #requireOpen(): void {
    if (this.#isClosed)
      throw new NightfeedError('DATABASE_UNAVAILABLE', 'the connection was closed: this process ends');
  }
}
