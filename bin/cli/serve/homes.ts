import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { asNightfeedError, NightfeedError } from '../../../lib/core/errors.ts';
import { FileLock } from '../../../lib/local/file-lock.ts';
import type { Numbers } from '../../../lib/ports/ledger/numbers.ts';
import { retrying } from '../../../lib/steps/run/retry.ts';
import type { ServedFeed, ServeLedger } from '../../../lib/workflows/serve/serve-ports.ts';
import type { Cli } from '../cli.ts';
import { openWorkplace, type Workplace } from '../compose.ts';

/** Milliseconds between two looks at a database. */
const LOOK_MS = 30_000;

/** A home that is open: this process alone serves its feeds. */
interface Home {
  readonly lock: FileLock;
  readonly workplace: Workplace;
}

/** What a look at a home found. */
interface Looked {
  readonly at: number;
  readonly error: NightfeedError | null;
  /** Whether its database has a ledger. */
  readonly has: boolean;
}

/** How a home was when it was looked at last. */
export interface HomeHealth {
  readonly home: string;
  /** Why its database cannot be asked; null when it can. */
  readonly trouble: string | null;
}

/** The homes of all served feeds, each opened once, with its ledger. */
export class Homes {
  readonly #cli: Cli;
  readonly #open = new Map<string, Home>();
  readonly #looked = new Map<string, Looked>();
  readonly #looking = new Map<string, Promise<Looked>>();

  constructor(cli: Cli) {
    this.#cli = cli;
  }

  /** Throws BUSY where another process serves. null while the database has no ledger. */
  async ledgerOf(served: ServedFeed): Promise<(ServeLedger & Numbers) | null> {
    const known = this.#looked.get(served.home);
    const look = known && performance.now() - known.at < LOOK_MS ? known : await this.#lookOnce(served);
    if (look.error) throw look.error;
    return look.has ? this.#open.get(served.home)!.workplace.ports.ledger : null;
  }

  /** Of the homes that have feeds now. */
  health(homes: ReadonlySet<string>): HomeHealth[] {
    return [...this.#looked]
      .filter(([home]) => homes.has(home))
      .map(([home, { error }]) => ({ home, trouble: error?.name ?? null }));
  }

  async close(): Promise<void> {
    for (const home of this.#open.keys()) await this.#closeHome(home);
  }

  /** Whoever asks meanwhile waits for the same look: two of them would meet each other's lock. */
  #lookOnce(served: ServedFeed): Promise<Looked> {
    const { home } = served;
    const looking = this.#looking.get(home) ?? this.#look(served).finally(() => this.#looking.delete(home));
    this.#looking.set(home, looking);
    return looking;
  }

  async #look(served: ServedFeed): Promise<Looked> {
    const { home } = served;
    let look: Looked;
    try {
      const opened = this.#open.get(home) ?? (await this.#openHome(served));
      look = { at: performance.now(), error: null, has: await opened.workplace.ports.ledger.exists() };
    } catch (thrown) {
      look = { at: performance.now(), error: asNightfeedError(thrown), has: false };
      // An embedded database that was stopped comes back at another address.
      await this.#closeHome(home).catch(() => {});
    }
    this.#looked.set(home, look);
    return look;
  }

  async #openHome({ feed, file, home }: ServedFeed): Promise<Home> {
    const workplace = await openWorkplace(
      this.#cli,
      { feed: feed.feed, folder: dirname(file) },
      { signals: 'of caller' },
    );
    try {
      const lock = takeLock(home);
      this.#open.set(home, { lock, workplace });
      // As the nights do: a ledger of an older version is theirs to migrate.
      await retrying(workplace.ports, () => workplace.ports.target.migrateLedger());
      return { lock, workplace };
    } catch (thrown) {
      if (!this.#open.has(home)) await workplace.close();
      throw thrown;
    }
  }

  async #closeHome(home: string): Promise<void> {
    const opened = this.#open.get(home);
    this.#open.delete(home);
    await opened?.workplace.close().finally(() => opened.lock.free());
  }
}

/** The operating system frees the lock of a process that ends, in whatever way. Who holds it stands beside it. */
function takeLock(home: string): FileLock {
  // Only the first night makes it, where the database is somebody else's.
  mkdirSync(home, { recursive: true });
  const holder = join(home, 'serve.holder');
  const lock = new FileLock(join(home, 'serve.lock'));
  if (lock.takeAlone()) {
    writeFileSync(holder, `process ${process.pid} on ${hostname()}`);
    return lock;
  }
  lock.free();
  throw new NightfeedError('BUSY', `${holderIn(holder)} serves the feeds of ${home}`, {
    hint: 'Nothing was begun. One `nightfeed serve` is enough for a lake: end the other one, or leave the nights to it.',
  });
}

function holderIn(path: string): string {
  try {
    return readFileSync(path, 'utf8').slice(0, 200);
  } catch {
    return 'another process';
  }
}
