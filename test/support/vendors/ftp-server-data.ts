import { once } from 'node:events';
import { appendFileSync, readFileSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type SecureContext, TLSSocket } from 'node:tls';
import { DRIP_MILLISECONDS, type Fault, repeat } from './ftp-server-faults.ts';

/** What the control connection answers when a transfer is over; null for nothing at all. */
export type TransferReply = string | null;

const complete = '226 Transfer complete';

/** One passive data connection, from EPSV or PASV to the end of its transfer. */
export class DataConnection {
  readonly #listener: Server;
  readonly #accepted: Promise<Socket>;
  #socket: Socket | undefined;

  private constructor(listener: Server) {
    this.#listener = listener;
    this.#accepted = new Promise((resolve) => {
      listener.once('connection', (socket) => {
        this.#socket = socket;
        socket.on('error', () => {});
        listener.close();
        resolve(socket);
      });
    });
  }

  static async listen(host: string): Promise<DataConnection> {
    const listener = createServer();
    const connection = new DataConnection(listener);
    listener.listen(0, host);
    await once(listener, 'listening');
    return connection;
  }

  get port(): number {
    return (this.#listener.address() as AddressInfo).port;
  }

  async sendText(text: string, tls: DataTls | undefined, encoding: BufferEncoding = 'utf8'): Promise<TransferReply> {
    const stream = await this.#secured(tls);
    if (stream === undefined) return '522 Data connections must resume the TLS session';
    await pipeline(Readable.from([Buffer.from(text, encoding)]), stream);
    return complete;
  }

  async sendTranslated(path: string, tls: DataTls | undefined): Promise<TransferReply> {
    return this.sendText(readFileSync(path, 'latin1').replaceAll('\n', '\r\n'), tls, 'latin1');
  }

  async sendFile(
    path: string,
    start: number,
    fault: Fault | undefined,
    tls: DataTls | undefined,
  ): Promise<TransferReply> {
    const stream = await this.#secured(tls);
    if (stream === undefined) return '522 Data connections must resume the TLS session';
    // One handle from the first byte to the last: a replaced file must not show through.
    const file = await open(path);
    const piece = (from: number, to: number) => file.createReadStream({ autoClose: false, start: from, end: to - 1 });
    try {
      const { size } = await file.stat();
      const middle = Math.min(Math.max(fault?.atByte ?? 0, start), size);
      if (middle > start) await pipeline(piece(start, middle), stream, { end: false });
      const verdict = await strike(fault, path, stream, this.#socket!);
      if (verdict !== 'go on') return verdict;
      const { size: end } = await file.stat();
      if (end > middle) await pipeline(piece(middle, end), stream, { end: false });
      await ended(stream);
      if (fault?.kind === 'idleReply') return '421 Idle for too long';
      return fault?.kind === 'loseReply' ? null : complete;
    } finally {
      await file.close();
    }
  }

  /** Without end, or a byte now and then. */
  async sendOn({ kind, content = '' }: Fault, tls: DataTls | undefined): Promise<TransferReply> {
    const stream = await this.#secured(tls);
    if (stream === undefined) return '522 Data connections must resume the TLS session';
    if (kind === 'endless') await repeat(stream, content, 0);
    for (const byte of content) {
      if (stream.destroyed) break;
      stream.write(byte);
      await sleep(DRIP_MILLISECONDS);
    }
    await ended(stream);
    return complete;
  }

  destroy(): void {
    this.#listener.close();
    this.#socket?.destroy();
  }

  async #secured(tls: DataTls | undefined): Promise<Socket | undefined> {
    const socket = await this.#accepted;
    if (!tls) return socket.resume();
    const stream = new TLSSocket(socket, { isServer: true, secureContext: tls.context });
    stream.on('error', () => {});
    await once(stream, 'secure');
    const resumed = stream.isSessionReused();
    tls.onSecure(resumed);
    if (!tls.requireReuse || resumed) return stream;
    stream.destroy();
    return undefined;
  }
}

export interface DataTls {
  readonly context: SecureContext;
  readonly requireReuse: boolean;
  onSecure(resumed: boolean): void;
}

async function strike(
  fault: Fault | undefined,
  path: string,
  stream: Socket,
  raw: Socket,
): Promise<TransferReply | 'go on'> {
  switch (fault?.kind) {
    case 'cut226':
      await ended(stream);
      return complete;
    case 'cut426':
      await ended(stream);
      return '426 Connection closed; transfer aborted';
    case 'reset':
      raw.resetAndDestroy();
      return '426 Failure writing network stream';
    case 'stall':
      await once(raw, 'close');
      return null;
    case 'replace':
      replace(path, fault.content ?? `${readFileSync(path)}replaced\n`);
      return 'go on';
    case 'grow':
      appendFileSync(path, fault.content ?? 'more\n');
      return 'go on';
    default:
      return 'go on';
  }
}

async function ended(stream: Socket): Promise<void> {
  await new Promise<void>((resolve) => stream.end(resolve));
}

const MINUTE = 60_000;

/** A minute later: clients see whole seconds only. */
function replace(path: string, content: string): void {
  const later = new Date(statSync(path).mtimeMs + MINUTE);
  const next = `${path}.next`;
  writeFileSync(next, content);
  utimesSync(next, later, later);
  renameSync(next, path);
}
