import { posix } from 'node:path';
import { FTPError } from 'basic-ftp';
import type { SourceFile } from '../../core/delivery/source-file.ts';
import { NightfeedError } from '../../core/errors.ts';
import type { Source } from '../../ports/source.ts';
import { checkFileName } from '../common/file-name.ts';
import { LIMITS } from '../common/limits.ts';
import type { FtpClient } from './ftp-client.ts';
import { Connections } from './ftp-connections.ts';
import { ftpDisposal } from './ftp-disposal.ts';
import { download } from './ftp-download.ts';
import { listFolder, relist, seeEntries } from './ftp-listing.ts';
import type { FtpConfig } from './ftp-session.ts';
import type { Entry } from './listing/entry.ts';

/**
 * A folder on an FTP or FTPS server. Nothing is connected before the first call, and a lost connection is replaced at the
 * next one. Calls may overlap; each takes a connection of its own, so the caller's concurrency is the number of logins.
 * `read` cannot notice a file that the server cut and reported as complete: compare its bytes with `stat` before and after.
 */
export function ftpSource(config: FtpConfig): Source {
  const connections = new Connections(config);
  const limits = config.limits ?? LIMITS;
  const list = (isWanted: (name: string) => boolean) =>
    connections.listing(config.path, async (client) => {
      const files: SourceFile[] = [];
      for (const entry of await listFolder(client, limits, isWanted)) {
        const file =
          entry.kind === 'link' ? await linkedFile(client, entry.name, config.links) : await fileOf(client, entry);
        if (file) files.push(file);
      }
      return files;
    });
  return {
    list: async (isWanted = () => true) => {
      try {
        return await list(isWanted);
      } catch (thrown) {
        if (thrown instanceof NightfeedError && thrown.name === 'SOURCE_DENIED' && (await isAbsent(config))) return [];
        throw thrown;
      }
    },
    stat: (name) =>
      connections.look(`SIZE and MDTM of ${name}`, async (client) => {
        checkFileName(name);
        const entry = await relist(client, limits, name);
        const modified = entry?.kind === 'file' ? entry.modified : undefined;
        return { name, size: await client.size(name), modified: modified ?? (await modifiedOf(client, name)) };
      }),
    read: (name, from = 0) => download(connections, limits, name, from),
    place: `ftp://${config.host}:${config.port}${posix.join('/', config.path)}`,
    around: async (see) => {
      try {
        await connections.listing(config.path, (client) => seeEntries(client, limits, see));
        return true;
      } catch (thrown) {
        if (thrown instanceof NightfeedError && thrown.name === 'SOURCE_DENIED' && (await isAbsent(config)))
          return false;
        throw thrown;
      }
    },
    disposal: ftpDisposal(connections),
    clock: async () => null,
    close: async () => connections.close(),
    notes:
      config.tls === 'none'
        ? [
            'This connection is not encrypted: password and data can be read and changed on the way. Ask the vendor for TLS.',
          ]
        : [],
  };
}

/**
 * Whether the folder does not exist, as a dated folder that the vendor has not made yet. The server answers 550 for a missing and for a
 * forbidden folder alike, so the parent folder is listed.
 */
async function isAbsent(config: FtpConfig): Promise<boolean> {
  const parent = posix.dirname(config.path);
  if (parent === config.path) return false;
  const connections = new Connections({ ...config, path: parent });
  let isThere = false;
  try {
    await connections.listing(parent, (client) =>
      seeEntries(client, config.limits ?? LIMITS, ({ name }) => {
        isThere ||= name === posix.basename(config.path);
      }),
    );
    return !isThere;
  } catch (thrown) {
    const name = thrown instanceof NightfeedError ? thrown.name : undefined;
    // These errors tell more than SOURCE_DENIED would.
    if (name === 'LISTING_UNREADABLE' || name === 'LISTING_TOO_LONG') throw thrown;
    return name === 'SOURCE_DENIED' && isAbsent({ ...config, path: parent });
  } finally {
    connections.close();
  }
}

async function fileOf(client: FtpClient, { name, size, modified }: Entry): Promise<SourceFile> {
  return {
    name,
    size: size ?? (await client.size(name)),
    modified: modified ?? (await modifiedOf(client, name)),
  };
}

/** The file that a link leads to. A listing has the size and time of the link itself; SIZE and MDTM follow the link. */
async function linkedFile(client: FtpClient, name: string, links: FtpConfig['links']): Promise<SourceFile | null> {
  if (links === 'ignore') return null;
  try {
    return { name, size: await client.size(name), modified: await modifiedOf(client, name) };
  } catch (thrown) {
    if (thrown instanceof FTPError && thrown.code === NO_FILE)
      return { name, size: 0, modified: null, unfollowed: true };
    throw thrown;
  }
}

/** RFC 959: the file is missing, or this user may not read it. */
const NO_FILE = 550;

/** null where the server has no MDTM. */
async function modifiedOf(client: FtpClient, name: string): Promise<string | null> {
  try {
    const time = await client.lastMod(name);
    return Number.isNaN(time.getTime()) ? null : time.toISOString();
  } catch (thrown) {
    if (thrown instanceof FTPError && thrown.code >= 500 && thrown.code !== 530) return null;
    throw thrown;
  }
}
