import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Source } from '../../../lib/ports/source.ts';
import { sftpSource } from '../../../lib/sources/sftp/sftp.ts';
import { type SftpServer, type SftpServerOptions, startSftpServer } from '../../support/vendors/sftp-server.ts';

type Config = Parameters<typeof sftpSource>[0];

const time = new Date('2026-11-20T02:13:14Z');
export const unreachable = { name: 'SOURCE_UNREACHABLE', transient: true };

/** A folder, an SFTP server on it and a client of that. */
export class SftpLab {
  readonly root: string;
  server!: SftpServer;
  source!: Source;

  private constructor(root: string) {
    this.root = root;
  }

  static async open(): Promise<SftpLab> {
    return new SftpLab(await mkdtemp(join(tmpdir(), 'sftp-source-')));
  }

  async start(options: Partial<SftpServerOptions> = {}, client: Partial<Config> = {}): Promise<void> {
    this.server = await startSftpServer({ root: this.root, users: { demo: 'right' }, ...options });
    this.source = this.connect(client);
  }

  connect(client: Partial<Config> = {}): Source {
    const { port, fingerprint } = this.server;
    const secrets = { password: 'right', key: undefined, passphrase: undefined };
    const address = { host: '127.0.0.1', port, user: 'demo', path: '/', hostKeys: [fingerprint] };
    return sftpSource({ ...address, ...secrets, timeoutMilliseconds: 400, ...client });
  }

  async put(name: string, bytes: string | Buffer): Promise<void> {
    await writeFile(join(this.root, name), bytes);
    await utimes(join(this.root, name), time, time);
  }

  logins(): string[] {
    return this.server.log.filter((line) => /^(password|keyboard-interactive|publickey) /.test(line));
  }

  async close(): Promise<void> {
    await this.source?.close();
    await this.server?.close();
    await rm(this.root, { recursive: true });
  }
}
