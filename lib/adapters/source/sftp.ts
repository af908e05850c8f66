import { posix } from 'node:path';
import { Readable } from 'node:stream';
import type { Attributes, FileEntryWithStats, Stats } from 'ssh2';
import { NightfeedError } from '../../core/errors.ts';
import type { Around } from '../../core/run/near-miss.ts';
import type { SourceFile } from '../../core/run/source-file.ts';
import type { Source } from '../../steps/ports.ts';
import { checkFileName, isFileName } from './file-name.ts';
import { NO_SUCH_FILE, sftpFailure } from './sftp-failure.ts';
import { readFrom } from './sftp-read.ts';
import { type SftpConfig, SftpSession, SftpStatus } from './sftp-session.ts';

/**
 * A folder on an SFTP server. Nothing is connected before the first call, and a lost connection is replaced at the next one.
 * A folder that is missing is an empty one. Where a link leads, the server decides by what the login may read.
 */
export function sftpSource(config: SftpConfig): Source {
  const connection = new Connection(config);
  const pathOf = (name: string) => {
    checkFileName(name);
    return posix.join(config.path, name);
  };
  const follow = (session: SftpSession, name: string) =>
    session.ask<Stats>((sftp, done) => sftp.stat(pathOf(name), done));
  const look = (session: SftpSession, name: string) =>
    session.ask<Stats>((sftp, done) => sftp.lstat(pathOf(name), done));
  return {
    list: () =>
      connection.use(`list of ${config.path}`, async (session) => {
        const files: SourceFile[] = [];
        for (const { filename, attrs } of await entriesOf(session, config.path)) {
          if (!isFileName(filename)) continue;
          // A server may leave out what it finds costly.
          const own = isTold(attrs) ? attrs : await look(session, filename);
          const isFollowed = isLink(own) && config.links !== 'ignore';
          const stats = isFollowed ? await follow(session, filename).catch(deadEnd) : own;
          if (stats === null) files.push({ name: filename, size: 0, modified: null, unfollowed: true });
          else if (isRegular(stats)) files.push(fileOf(filename, stats));
        }
        return files;
      }),
    stat: (name) =>
      connection.use(`stat of ${name}`, async (session) => {
        const stats = await (config.links === 'ignore' ? look : follow)(session, name);
        if (isRegular(stats)) return fileOf(name, stats);
        throw new NightfeedError('SOURCE_DENIED', `${JSON.stringify(name)} is not a regular file`);
      }),
    read: (name, from = 0) => Readable.from(connection.bytesOf(name, from), { objectMode: false }),
    // A relative path starts where the login starts.
    place: `sftp://${config.host}:${config.port}${config.path.startsWith('/') ? '' : '/~/'}${config.path}`,
    around: () =>
      connection.use(`list of ${config.path}`, async (session) => {
        const found = await entriesOf(session, config.path);
        const entries = found.map(({ filename: name, attrs }) => ({ name, kind: kindOf(attrs) }));
        // A folder has at least itself and the one above.
        return { exists: found.length > 0 ? true : null, entries: entries.filter(({ name }) => !/^\.\.?$/.test(name)) };
      }),
    clock: async () => null,
    close: async () => connection.close(),
    notes: [],
  };
}

async function entriesOf(session: SftpSession, path: string): Promise<FileEntryWithStats[]> {
  try {
    return await session.ask<FileEntryWithStats[]>((sftp, done) => sftp.readdir(path, done));
  } catch (thrown) {
    if (thrown instanceof SftpStatus && thrown.code === NO_SUCH_FILE) return [];
    throw thrown;
  }
}

const isTold = ({ mode, size, mtime }: Partial<Attributes>) =>
  mode !== undefined && size !== undefined && mtime !== undefined;

/** The kind of file is in the upper bits of its mode. */
const S_IFMT = 0o170000;
const S_IFREG = 0o100000;
const S_IFLNK = 0o120000;
const S_IFDIR = 0o040000;
const isRegular = ({ mode }: Attributes) => (mode & S_IFMT) === S_IFREG;
const isLink = ({ mode }: Attributes) => (mode & S_IFMT) === S_IFLNK;

function kindOf(attrs: Attributes): Around['entries'][number]['kind'] {
  if (!isTold(attrs)) return 'file';
  if (isLink(attrs)) return 'link';
  return isRegular(attrs) ? 'file' : (attrs.mode & S_IFMT) === S_IFDIR ? 'folder' : 'other';
}

/** null for a link that leads nowhere. */
function deadEnd(thrown: unknown): null {
  if (thrown instanceof SftpStatus && DEAD_END.has(thrown.code)) return null;
  throw thrown;
}

/** No such file, permission denied: what servers answer where a link cannot be followed. */
const DEAD_END = new Set([NO_SUCH_FILE, 3]);

function fileOf(name: string, { size, mtime }: Attributes): SourceFile {
  return { name, size, modified: mtime === undefined ? null : new Date(mtime * 1000).toISOString() };
}

/** One session at a time; requests share it. */
class Connection {
  readonly #config: SftpConfig;
  #session: Promise<SftpSession> | undefined;

  constructor(config: SftpConfig) {
    this.#config = config;
  }

  async use<T>(doing: string, work: (session: SftpSession) => Promise<T>): Promise<T> {
    return work(await this.#open()).catch((thrown) => {
      throw this.#failure(thrown, doing);
    });
  }

  async *bytesOf(name: string, from: number): AsyncGenerator<Buffer> {
    const session = await this.#open();
    try {
      checkFileName(name);
      const path = posix.join(this.#config.path, name);
      const handle = await session.ask<Buffer>((sftp, done) => sftp.open(path, 'r', done));
      try {
        yield* readFrom(session, handle, from);
      } finally {
        session.ask((sftp, done) => sftp.close(handle, done)).catch(() => {});
      }
    } catch (thrown) {
      throw this.#failure(thrown, `read of ${name}`);
    }
  }

  close(): void {
    this.#session?.then((session) => session.close()).catch(() => {});
    this.#session = undefined;
  }

  async #open(): Promise<SftpSession> {
    // One after the other: calls that overlap must not log in twice.
    const before = this.#session?.catch(() => undefined);
    this.#session = (async () => {
      const session = await before;
      if (session?.isOpen) return session;
      session?.close();
      return SftpSession.open(this.#config);
    })();
    return this.#session.catch((thrown) => {
      throw this.#failure(thrown, 'log-in');
    });
  }

  #failure(thrown: unknown, doing: string): NightfeedError {
    const { host, port, password, passphrase } = this.#config;
    return sftpFailure(thrown, `${host}:${port}, ${doing}`, [password, passphrase]);
  }
}
