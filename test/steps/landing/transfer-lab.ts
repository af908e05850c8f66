import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Promised } from '../../../lib/core/delivery/manifest.ts';
import type { Ports } from '../../../lib/ports/ports.ts';
import type { Source } from '../../../lib/ports/source.ts';
import { ftpSource } from '../../../lib/sources/ftp/ftp.ts';
import { Transfer } from '../../../lib/steps/landing/transfer.ts';
import { type FtpServer, type FtpServerOptions, startFtpServer } from '../../support/vendors/ftp-server.ts';

export const size = 500_000;
export const content = randomBytes(size);
export const OVERLAP = 64 * 1024;

/** One file, on an FTP server that misbehaves as it is told, and the transfers of it. */
export class TransferLab {
  readonly root: string;
  server!: FtpServer;
  source!: Source;
  said: string[] = [];
  pauses: number[] = [];

  private constructor(root: string) {
    this.root = root;
  }

  static async open(): Promise<TransferLab> {
    const lab = new TransferLab(await mkdtemp(join(tmpdir(), 'transfer-lab-')));
    await writeFile(join(lab.root, 'a.bin'), content);
    await lab.start();
    return lab;
  }

  /** Another server in place of the first one. */
  async start(options: Partial<FtpServerOptions> = {}): Promise<void> {
    await this.source?.close();
    await this.server?.close();
    this.server = await startFtpServer({ root: this.root, ...options });
    const { port } = this.server;
    const address = { host: '127.0.0.1', port, user: 'demo', password: 'x', path: '/' };
    this.source = ftpSource({ ...address, tls: 'none', timeoutMilliseconds: 300 });
  }

  /** Receives once, as pull does; and again from the start while that makes sense. */
  async receive(promised: Promised = {}): Promise<{ bytes: Buffer; transfers: number }> {
    const expected = { ...(await this.source.list())[0]!, promised };
    this.said = [];
    this.pauses = [];
    const ports = {
      say: (text: string) => void this.said.push(text),
      sleep: async (milliseconds: number) => void this.pauses.push(milliseconds),
    } as unknown as Ports;
    const reception = new Transfer(this.source, expected, ports, () => {});
    for (let transfers = 1; ; transfers += 1) {
      try {
        return { bytes: await collected(reception), transfers };
      } catch (thrown) {
        if (!(thrown as { transient?: boolean }).transient || reception.isGivenUp || transfers === 4) throw thrown;
      }
    }
  }

  restarts(): number[] {
    return this.server.log.filter((line) => / REST /.test(line)).map((line) => Number(line.split(' ').at(-1)));
  }

  transfers(): number {
    return this.server.log.filter((line) => / RETR /.test(line)).length;
  }

  async close(): Promise<void> {
    await this.source.close();
    await this.server.close();
    await rm(this.root, { recursive: true });
  }
}

export async function collected(reception: Transfer): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of reception.bytes()) chunks.push(chunk);
  return Buffer.concat(chunks);
}
