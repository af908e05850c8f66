import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Source } from '../../lib/ports/source.ts';
import { folderSource } from '../../lib/sources/folder/folder.ts';
import { ftpSource } from '../../lib/sources/ftp/ftp.ts';
import { sftpSource } from '../../lib/sources/sftp/sftp.ts';
import { inMemorySource } from '../support/in-memory/source.ts';
import { startFtpServer } from '../support/vendors/ftp-server.ts';
import { startSftpServer } from '../support/vendors/sftp-server.ts';
import { type ServerLab, type SourceLab, serverConforms, sourceConforms } from './conformance.ts';

sourceConforms('in memory', async () => {
  const folders: Record<string, Record<string, string | Buffer>> = {};
  const folderOf = (folder: string) => {
    folders[folder] ??= {};
    return folders[folder];
  };
  return {
    open: (folder) => inMemorySource(folderOf(folder), 100_000, folderOf),
    pathOf: (folder) => folder,
    put: async (path, content) => {
      folderOf(dirname(path))[path.slice(dirname(path).length + 1)] = content;
    },
    remove: async (path) => {
      delete folderOf(dirname(path))[path.slice(dirname(path).length + 1)];
    },
    close: async () => {},
  };
});

sourceConforms('folder', async () => {
  const { root, ...files } = await filesOfVendor();
  return { ...files, pathOf: (folder) => join(root, folder), open: (folder) => folderSource(join(root, folder)) };
});

sourceConforms('ftp', ftpLab);
serverConforms('ftp', ftpLab);
sourceConforms('sftp', sftpLab);
serverConforms('sftp', sftpLab);

async function ftpLab(): Promise<ServerLab> {
  const vendor = await filesOfVendor();
  const server = await startFtpServer({ root: vendor.root, users: { demo: 'right' } });
  const open = (folder: string, password: string) =>
    ftpSource({
      host: '127.0.0.1',
      port: server.port,
      user: 'demo',
      password,
      tls: 'none',
      path: `/${folder}`,
      timeoutMilliseconds: 2000,
    });
  return labOf(vendor, server, open);
}

async function sftpLab(): Promise<ServerLab> {
  const vendor = await filesOfVendor();
  const server = await startSftpServer({ root: vendor.root, users: { demo: 'right' } });
  const open = (folder: string, password: string) =>
    sftpSource({
      host: '127.0.0.1',
      port: server.port,
      user: 'demo',
      password,
      key: undefined,
      passphrase: undefined,
      path: `/${folder}`,
      hostKeys: [server.fingerprint],
      timeoutMilliseconds: 2000,
    });
  return labOf(vendor, server, open);
}

function labOf(
  { root: _root, close, ...files }: Awaited<ReturnType<typeof filesOfVendor>>,
  server: { close(): Promise<void> },
  open: (folder: string, password: string) => Source,
): ServerLab {
  return {
    ...files,
    pathOf: (folder) => `/${folder}`,
    open: (folder) => open(folder, 'right'),
    openAsStranger: (folder) => open(folder, 'wrong'),
    stop: server.close,
    close: async () => {
      await server.close();
      await close();
    },
  };
}

/** A folder on this machine that a source or its server shows. A file is replaced whole, as careful vendors do. */
async function filesOfVendor(): Promise<Omit<SourceLab, 'open' | 'pathOf'> & { readonly root: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'nightfeed-source-'));
  const root = join(folder, 'vendor');
  await mkdir(root);
  return {
    root,
    put: async (path, content) => {
      const unfinished = join(folder, 'unfinished');
      await writeFile(unfinished, content);
      await mkdir(dirname(join(root, path)), { recursive: true });
      await rename(unfinished, join(root, path));
    },
    remove: (path) => rm(join(root, path)),
    close: () => rm(folder, { recursive: true }),
  };
}
