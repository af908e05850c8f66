import { globSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import postgres from 'postgres';
import { sameFingerprint } from '../../../lib/core/diff/fingerprint.ts';
import { postgresTarget } from '../../../lib/target/postgres/postgres-target.ts';
import { answerOf, type Ended, nightfeed } from '../nights/command-line.ts';
import { type Command, start as startCommand } from '../nights/night-command.ts';
import { parseFeed } from '../parse-feed.ts';
import { freshDatabase } from '../postgres/postgres.ts';

type Row = readonly (string | number | null)[];

/** A price list whose feed file is mended now and then, lived in by the real command line. */
export class PriceDesk {
  readonly folder: string;
  readonly url: string;
  readonly sql: postgres.Sql;
  /** Which way commands go to the database. */
  commandUrl: string;
  readonly #drop: () => Promise<void>;

  private constructor(folder: string, url: string, drop: () => Promise<void>) {
    this.folder = folder;
    this.url = url;
    this.commandUrl = url;
    this.sql = postgres(url, { max: 2, onnotice: () => {}, fetch_types: false });
    this.#drop = drop;
  }

  static async open(feed = feedText()): Promise<PriceDesk> {
    const database = await freshDatabase();
    const desk = new PriceDesk(await mkdtemp(join(tmpdir(), 'nightfeed-prices-')), database.url, database.drop);
    await desk.describe(feed);
    return desk;
  }

  async close(): Promise<void> {
    await this.sql.end();
    await this.#drop();
    await rm(this.folder, { recursive: true, force: true });
  }

  get feed(): string {
    return join(this.folder, 'feed.yaml');
  }

  get home(): string {
    return join(this.folder, 'home');
  }

  async describe(feed: string): Promise<void> {
    await writeFile(this.feed, feed);
  }

  async deliver(date: string, lines: readonly string[]): Promise<void> {
    await this.put(date, 'prices.csv', ['id,name,price', ...lines]);
  }

  async put(date: string, name: string, lines: readonly string[]): Promise<void> {
    const inbox = join(this.folder, 'inbox', date);
    await mkdir(inbox, { recursive: true });
    await writeFile(join(inbox, name), `${lines.join('\n')}\n`);
    await utimes(join(inbox, name), SETTLED, SETTLED);
  }

  /** What a step of a date left, as many times as it ran. */
  async receipts(date: string, step: string) {
    const paths = globSync(join(this.home, 'lake', 'receipts', 'shop', date, step, '*.json'));
    return Promise.all(paths.map(async (path) => JSON.parse(await readFile(path, 'utf8'))));
  }

  /** A command that may be frozen. */
  start(args: readonly string[], env: Record<string, string>): Command {
    return startCommand(args, { NIGHTFEED_DATABASE_URL: this.commandUrl, NIGHTFEED_HOME: this.home, ...env });
  }

  run(args: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
    return nightfeed(args, { NIGHTFEED_DATABASE_URL: this.commandUrl, NIGHTFEED_HOME: this.home, ...env });
  }

  async ask(...args: string[]) {
    const ended = await this.run([...args, '--json']);
    return { code: ended.code, answer: answerOf(ended), stderr: ended.stderr };
  }

  async night(date: string) {
    return this.ask('run', this.feed, '--date', date);
  }

  /** Delivers and publishes, or throws. */
  async publish(date: string, lines: readonly string[]) {
    await this.deliver(date, lines);
    const { answer, stderr } = await this.night(date);
    if (answer.state !== 'published') throw new Error(`${date}: ${JSON.stringify(answer)}\n${stderr}`);
    return answer;
  }

  /** Live rows in key order. */
  async rows(): Promise<Row[]> {
    return [
      ...(await this
        .sql`SELECT id::text, name, price::text FROM prices WHERE _gone_since IS NULL ORDER BY prices.id`.values()),
    ] as unknown as Row[];
  }

  /** Whether the ledger's fingerprint is that of the live rows. */
  async agrees(): Promise<boolean> {
    const { target, close } = postgresTarget(this.url, { isDead: () => false, reach: async () => {} });
    try {
      const audited = await target.audit(parseFeed(feedText(), 'feed.yaml').feed);
      return audited.length > 0 && audited.every(({ expected, found }) => sameFingerprint(expected, found));
    } finally {
      await close();
    }
  }
}

const SETTLED = new Date('2026-11-01T00:00:00Z');

export function feedText({ price = 'decimal(6,2)', more = '', rest = '', engine = 'auto' } = {}): string {
  return feedWith(`      name: text\n      price: {type: "${price}"}\n${more}${rest}`, engine);
}

/** The feed with these columns, and what follows them. Guards that suit a handful of rows. */
export function feedWith(columns: string, engine = 'auto'): string {
  return `feed: shop
source: {folder: "./inbox/{date}"}
engine: ${engine}
tables:
  prices:
    files: prices.csv
    history: true
    guards: {min_rows: 0, rejected: 90%, updated: 100%, gone: 50%, rows: [-90%, +500%]}
    columns:
      id: {type: bigint, key: true}
${columns}`;
}
