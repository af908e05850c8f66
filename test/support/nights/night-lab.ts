import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import type { FailPoint } from '../../../lib/core/run/fail-point.ts';
import { parseFeed } from '../parse-feed.ts';
import { copyDatabase, type FreshDatabase, freshDatabase, type PostgresVersion } from '../postgres/postgres.ts';
import { type Delivery, dateOf, deliveryOf, feedFile, put } from '../vendors/night-vendor.ts';
import { type Command, type Ended, start } from './night-command.ts';
import { checkInvariants, fingerprints } from './night-invariants.ts';

interface LabOptions {
  readonly version?: PostgresVersion;
  /** A database server of the test's own. */
  readonly database?: FreshDatabase;
}

type Environment = Record<string, string>;

/** Several whole commands, on a machine that may be busy with the other tests. */
export const BEFORE_MS = 60_000;

const FOLDER_SOURCE = '{folder: "vendor/{date}"}';

/** A feed, its vendor, its lake and its database, lived in by the real command line in processes of its own. */
export class NightLab {
  readonly folder: string;
  readonly database: FreshDatabase;
  readonly sql: postgres.Sql;
  readonly #started = new Set<Command>();

  private constructor(folder: string, database: FreshDatabase) {
    this.folder = folder;
    this.database = database;
    this.sql = postgres(database.url, { max: 3, onnotice: () => {}, fetch_types: false });
  }

  static async open({ version = 17, database }: LabOptions = {}): Promise<NightLab> {
    const lab = new NightLab(mkdtempSync(join(tmpdir(), 'night-lab-')), database ?? (await freshDatabase(version)));
    lab.describeSource(FOLDER_SOURCE);
    return lab;
  }

  /** A lab in which so many nights were published without a fault. */
  static async after(nights: number, options: LabOptions = {}): Promise<NightLab> {
    const lab = await NightLab.open(options);
    for (let night = 1; night <= nights; night += 1) await lab.publish(dateOf(night), deliveryOf(night));
    return lab;
  }

  get home(): string {
    return join(this.folder, 'home');
  }

  /** Another lab that stands where this one stands now, or over another database. This one's connections are ended. */
  async fork(database?: FreshDatabase): Promise<NightLab> {
    await this.sql.end();
    const folder = mkdtempSync(join(tmpdir(), 'night-lab-'));
    cpSync(this.folder, folder, { recursive: true, preserveTimestamps: true });
    return new NightLab(folder, database ?? (await copyDatabase(this.database)));
  }

  /** Another source than the folder, as in the feed file. */
  describeSource(source: string): void {
    writeFileSync(join(this.folder, 'feed.yaml'), feedFile(source));
  }

  deliver(date: string, delivery: Delivery, minutesAgo?: number): void {
    put(join(this.folder, 'vendor', date), delivery, minutesAgo);
  }

  /** The vendor takes a day's files away. */
  remove(date: string): void {
    rmSync(join(this.folder, 'vendor', date), { recursive: true });
  }

  start(args: readonly string[], env: Environment = {}): Command {
    const command = start(args, { NIGHTFEED_HOME: this.home, NIGHTFEED_DATABASE_URL: this.database.url, ...env });
    this.#started.add(command);
    return command;
  }

  async run(args: readonly string[], env: Environment = {}): Promise<Ended> {
    return this.start(args, env).ended;
  }

  nightArgs(date: string): string[] {
    return ['run', join(this.folder, 'feed.yaml'), '--date', date];
  }

  async night(date: string, env: Environment = {}): Promise<Ended> {
    return this.run(this.nightArgs(date), env);
  }

  /** Publishes what is delivered now, or what lies there, or throws. */
  async publish(date: string, delivery?: Delivery): Promise<void> {
    if (delivery) this.deliver(date, delivery);
    const { json, stderr } = await this.night(date);
    if (json?.state !== 'published') throw new Error(`${date} was not published: ${json?.error?.message}\n${stderr}`);
  }

  /** A night that stands still at a fail point until SIGCONT. */
  async frozenNight(date: string, point: FailPoint): Promise<Command> {
    const command = this.start(this.nightArgs(date), { NIGHTFEED_FAIL_AT: `${point}:stop` });
    await command.frozen();
    return command;
  }

  /** As if the owners of all runs had been silent for long. */
  async endLeases(): Promise<void> {
    await this.sql`UPDATE nightfeed.run SET lease = now() - interval '1 hour' WHERE state = 'running'`;
  }

  /** Products as they were valid on a date, in key order. */
  async asOf(date: string): Promise<unknown> {
    const rows = await this.sql`
      SELECT id::text, name, price::text FROM shop.products_versions AS v
      WHERE _valid_from <= ${date} AND (_valid_to IS NULL OR _valid_to > ${date}) ORDER BY v.id`.values();
    return [...rows];
  }

  /** State of each run, oldest first. */
  async states(): Promise<Record<string, string>> {
    const runs = await this.sql<{ run: string; state: string }[]>`
      SELECT date || CASE revision WHEN 1 THEN '' ELSE '-r' || revision END AS run, state FROM nightfeed.run ORDER BY date, revision`;
    return Object.fromEntries(runs.map(({ run, state }) => [run, state]));
  }

  /** Throws what is wrong with production, history, ledger or messages, when production should hold this. */
  async checkInvariants(held: Delivery | null): Promise<void> {
    const feed = parseFeed(feedFile(FOLDER_SOURCE), 'feed.yaml');
    await checkInvariants({ sql: this.sql, url: this.database.url, feed }, held);
  }

  /** Count and order-independent fingerprint of each table and history, over all columns but `_loaded_at`. */
  fingerprints(): Promise<Record<string, unknown>> {
    return fingerprints(this.sql);
  }

  async close(): Promise<void> {
    for (const { process: child, ended } of this.#started) {
      child.kill('SIGKILL');
      await ended;
    }
    await this.sql.end();
    await this.database.drop();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
}
