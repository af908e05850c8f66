import { posix } from 'node:path';
import { FTPError } from 'basic-ftp';
import { NightfeedError } from '../../core/errors.ts';
import type { Disposal } from '../../ports/disposal.ts';
import { checkFileName } from '../common/file-name.ts';
import type { Connections } from './ftp-connections.ts';

/** RFC 959: there is no such file, or this user may not see it. */
const NO_FILE = 550;

/** Once the login is in the feed's folder, nothing tells where it started: targets begin with `/`. */
export function ftpDisposal(connections: Connections): Disposal {
  const pathOf = (folder: string, name: string) => {
    checkFileName(name);
    if (!folder.startsWith('/'))
      throw new NightfeedError(
        'SOURCE_DENIED',
        `after.move: on FTP expected a path that begins with /, received ${folder}`,
      );
    return posix.join(folder, name);
  };
  return {
    remove: (name) =>
      connections.use(`DELE of ${name}`, async (client) => {
        checkFileName(name);
        await client.send(`DELE ${name}`);
      }),
    move: (name, folder) =>
      connections.use(`RNFR and RNTO of ${name} to ${folder}`, async (client) => {
        const target = pathOf(folder, name);
        const here = await client.pwd();
        await client.ensureDir(folder);
        await client.cd(here);
        await client.send(`RNFR ${name}`);
        await client.send(`RNTO ${target}`);
      }),
    sizeIn: (folder, name) =>
      connections.use(`SIZE of ${name} in ${folder}`, async (client) => {
        const path = pathOf(folder, name);
        try {
          return await client.size(path);
        } catch (thrown) {
          if (thrown instanceof FTPError && thrown.code === NO_FILE) return null;
          throw thrown;
        }
      }),
  };
}
