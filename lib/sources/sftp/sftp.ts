import { posix } from 'node:path';
import { Readable } from 'node:stream';
import type { Attributes, Stats } from 'ssh2';
import type { Neighbour } from '../../core/delivery/near-miss.ts';
import type { SourceFile } from '../../core/delivery/source-file.ts';
import { NightfeedError } from '../../core/errors.ts';
import { excerpt } from '../../core/shown-text.ts';
import type { Source } from '../../ports/source.ts';
import { checkFileName, isFileName } from '../common/file-name.ts';
import { LIMITS } from '../common/limits.ts';
import { ListingSize } from '../common/listing-size.ts';
import { Connection } from './sftp-connection.ts';
import { sftpDisposal } from './sftp-disposal.ts';
import { NO_SUCH_FILE } from './sftp-failure.ts';
import { entriesOf } from './sftp-listing.ts';
import { type SftpConfig, type SftpSession, SftpStatus } from './sftp-session.ts';

/**
 * A folder on an SFTP server. Nothing is connected before the first call, and a lost connection is replaced at the next one.
 * A missing folder counts as an empty one. The server decides which links it follows, by what the login may read.
 */
export function sftpSource(config: SftpConfig): Source {
  const connection = new Connection(config);
  const limits = config.limits ?? LIMITS;
  const pathOf = (name: string) => {
    checkFileName(name);
    return posix.join(config.path, name);
  };
  const follow = (session: SftpSession, name: string) =>
    session.ask<Stats>((sftp, done) => sftp.stat(pathOf(name), done));
  const look = (session: SftpSession, name: string) =>
    session.ask<Stats>((sftp, done) => sftp.lstat(pathOf(name), done));
  return {
    list: (isWanted = () => true) =>
      connection.listing(async (session) => {
        const size = new ListingSize(limits);
        const files: SourceFile[] = [];
        for await (const { filename, attrs } of entriesOf(session, config.path, limits)) {
          if (!isFileName(filename) || !isWanted(filename)) continue;
          size.addFile(filename);
          // A server may leave out attributes that cost it much.
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
        throw new NightfeedError('SOURCE_DENIED', `${excerpt(name)} is not a regular file`);
      }),
    read: (name, from = 0) => Readable.from(connection.bytesOf(name, from), { objectMode: false }),
    // A relative path starts in the folder in which the login starts.
    place: `sftp://${config.host}:${config.port}${config.path.startsWith('/') ? '' : '/~/'}${config.path}`,
    around: (see) =>
      connection.listing(async (session) => {
        let exists: true | null = null;
        for await (const { filename: name, attrs } of entriesOf(session, config.path, limits)) {
          // Every folder lists at least itself and its parent.
          exists = true;
          see({ name, kind: kindOf(attrs) });
        }
        return exists;
      }),
    disposal: sftpDisposal(connection, config.path),
    clock: async () => null,
    close: async () => connection.close(),
    notes: [],
  };
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

function kindOf(attrs: Attributes): Neighbour['kind'] {
  if (!isTold(attrs)) return 'file';
  if (isLink(attrs)) return 'link';
  return isRegular(attrs) ? 'file' : (attrs.mode & S_IFMT) === S_IFDIR ? 'folder' : 'other';
}

/** null for a link that leads nowhere; throws any other failure. */
function deadEnd(thrown: unknown): null {
  if (thrown instanceof SftpStatus && DEAD_END.has(thrown.code)) return null;
  throw thrown;
}

/** No such file (2) and permission denied (3): the answers when a link cannot be followed. */
const DEAD_END = new Set([NO_SUCH_FILE, 3]);

function fileOf(name: string, { size, mtime }: Attributes): SourceFile {
  return { name, size, modified: mtime === undefined ? null : new Date(mtime * 1000).toISOString() };
}
