import { posix } from 'node:path';
import type { Stats } from 'ssh2';
import type { Disposal } from '../../ports/disposal.ts';
import { checkFileName } from '../common/file-name.ts';
import type { Connection } from './sftp-connection.ts';
import { NO_SUCH_FILE } from './sftp-failure.ts';
import { type SftpSession, SftpStatus } from './sftp-session.ts';

/** RENAME of this version of SFTP replaces no file. */
export function sftpDisposal(connection: Connection, path: string): Disposal {
  const pathOf = (folder: string, name: string) => {
    checkFileName(name);
    return posix.join(folder, name);
  };
  return {
    remove: (name) =>
      connection.use(`removal of ${name}`, (session) =>
        session.ask<void>((sftp, done) => sftp.unlink(pathOf(path, name), done)),
      ),
    move: (name, folder) =>
      connection.use(`move of ${name} to ${folder}`, async (session) => {
        await makeFolder(session, folder);
        await session.ask<void>((sftp, done) => sftp.rename(pathOf(path, name), pathOf(folder, name), done));
      }),
    sizeIn: (folder, name) =>
      connection.use(`look for ${name} in ${folder}`, (session) => sizeOf(session, pathOf(folder, name))),
  };
}

async function sizeOf(session: SftpSession, path: string): Promise<number | null> {
  return session
    .ask<Stats>((sftp, done) => sftp.lstat(path, done))
    .then(
      ({ size }) => size,
      (thrown: unknown) => {
        if (thrown instanceof SftpStatus && thrown.code === NO_SUCH_FILE) return null;
        throw thrown;
      },
    );
}

/** With all folders above it that are absent. */
async function makeFolder(session: SftpSession, folder: string): Promise<void> {
  if ((await sizeOf(session, folder)) !== null) return;
  const above = posix.dirname(folder);
  if (above !== folder && above !== '.') await makeFolder(session, above);
  await session.ask<void>((sftp, done) => sftp.mkdir(folder, done));
}
