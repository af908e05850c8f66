import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';
import { freshDatabase } from '../postgres/postgres.ts';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

type Environment = Readonly<Record<string, string>>;

const program = fileURLToPath(new URL('../../../bin/nightfeed.ts', import.meta.url));

/** One whole process, as a shell starts it without a terminal. Of the test's environment it gets the path alone. */
export function nightfeed(args: readonly string[], env: Environment = {}, cwd?: string): Promise<Ended> {
  return start(args, env, cwd).ended;
}

export function start(args: readonly string[], env: Environment = {}, cwd = tmpdir()) {
  const begun = performance.now();
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [program, ...args], {
    env: { PATH, HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd,
  });
  return { process: child as ChildProcess, ended: end() };

  async function end(): Promise<Ended> {
    const code = new Promise<number | null>((resolve) => child.on('close', resolve));
    const [stdout, stderr] = await Promise.all([textOf(child.stdout), textOf(child.stderr)]);
    return { code: await code, stdout, stderr, seconds: (performance.now() - begun) / 1000 };
  }
}

/** The answer of a command with `--json`: standard output has to be one JSON object on one line, and nothing else. */
export function answerOf({ stdout, stderr }: Ended) {
  if (!/^\{.*\}\n$/.test(stdout)) throw new Error(`expected one JSON object, received ${stdout}\n${stderr}`);
  return JSON.parse(stdout);
}

/** A feed of one table over a folder source, with a lake and an empty database of its own. */
export class Desk {
  readonly folder: string;
  readonly url: string;
  readonly #drop: () => Promise<void>;

  private constructor(folder: string, url: string, drop: () => Promise<void>) {
    this.folder = folder;
    this.url = url;
    this.#drop = drop;
  }

  static async open(): Promise<Desk> {
    const database = await freshDatabase();
    const desk = new Desk(await mkdtemp(join(tmpdir(), 'nightfeed-cli-')), database.url, database.drop);
    await desk.describe('');
    return desk;
  }

  async close(): Promise<void> {
    await this.#drop();
    await rm(this.folder, { recursive: true, force: true });
  }

  get feed(): string {
    return join(this.folder, 'feed.yaml');
  }

  get env(): Environment {
    return { NIGHTFEED_DATABASE_URL: this.url, NIGHTFEED_HOME: join(this.folder, 'home') };
  }

  /** Writes the feed file; `more` goes to its end. */
  async describe(more: string, source = './inbox/{date}'): Promise<void> {
    await writeFile(this.feed, feedText.replace('./inbox/{date}', source) + more);
  }

  /** Another feed, with its table under another name. */
  async rename(feed: string, table: string): Promise<void> {
    await writeFile(this.feed, feedText.replace('feed: shop', `feed: ${feed}`).replace('  items:', `  ${table}:`));
  }

  /** What the vendor put there for a date, long enough ago to have settled. */
  async deliver(date: string, csv: string): Promise<void> {
    const inbox = join(this.folder, 'inbox', date);
    await mkdir(inbox, { recursive: true });
    await writeFile(join(inbox, 'items.csv'), csv);
    await utimes(join(inbox, 'items.csv'), SETTLED, SETTLED);
  }

  run(...args: string[]): Promise<Ended> {
    return nightfeed(args, this.env);
  }

  /** With `--json`: the exit code and the parsed answer. */
  async ask(...args: string[]) {
    const ended = await this.run(...args, '--json');
    return { code: ended.code, answer: answerOf(ended), stderr: ended.stderr };
  }

  /** What the database answers to one statement. */
  async query(statement: string): Promise<postgres.Row[]> {
    const sql = postgres(this.url, { max: 1 });
    try {
      return [...(await sql.unsafe(statement))];
    } finally {
      await sql.end();
    }
  }
}

const SETTLED = new Date('2026-11-01T00:00:00Z');

/** Small tables are judged too: 5 % of the rows may vanish. */
const feedText = `feed: shop
source: {folder: "./inbox/{date}"}
tables:
  items:
    files: items.csv
    guards: {min_rows: 0}
    columns:
      id: {type: bigint, key: true}
      name: text
`;

/** Rows from 1 on; the first `changed` of them say something new. */
export function itemsCsv(rows: number, changed = 0): string {
  const lines = ['id,name'];
  for (let id = 1; id <= rows; id += 1) lines.push(`${id},item ${id}${id <= changed ? ' again' : ''}`);
  return `${lines.join('\n')}\n`;
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += chunk;
  return text;
}
