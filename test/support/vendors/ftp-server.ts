import { realpathSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { type Fault, FtpFaults } from './ftp-server-faults.ts';
import { FtpSession } from './ftp-server-session.ts';

export type { Fault } from './ftp-server-faults.ts';

export interface FtpServerOptions {
  /** Folder that is served, read-only; nothing outside of it can be reached. */
  readonly root: string;
  /** Passwords by user; without it every login is accepted. */
  readonly users?: Readonly<Record<string, string>>;
  readonly tls?: FtpServerTls;
  /** The address that it listens on, its data connections too: 127.0.0.1 when absent. */
  readonly host?: string;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Commands that this server does not know nor announce, such as `MLSD`; `size` is the fact in MLSD. */
  readonly lacks?: readonly string[];
  /** Hours by which MDTM is off, as that of a server which tells local time. */
  readonly mdtmHours?: number;
  /** Sessions begin in TYPE A, as RFC 959 has it: line ends are translated and SIZE is refused until the client says TYPE I. */
  readonly startsInAscii?: boolean;
}

export interface FtpServerTls {
  readonly key: string;
  readonly cert: string;
  /** Encrypted from the first byte, instead of after AUTH TLS. */
  readonly implicit?: boolean;
  readonly version?: 'TLSv1.2' | 'TLSv1.3';
  /** Refuses data connections that do not resume a TLS session of this server, as vsftpd and proftpd do by default. */
  readonly requireReuse?: boolean;
}

export interface FtpServer {
  readonly port: number;
  readonly faults: FtpFaults;
  /** `<connection> <plain|tls> <command>` with passwords masked, and what became of each TLS handshake. */
  readonly log: readonly string[];
  inject(fault: Fault): void;
  close(): Promise<void>;
}

/** A small read-only FTP server on 127.0.0.1 that can be told to misbehave. For tests and the demo, not for deliveries. */
export async function startFtpServer(options: FtpServerOptions): Promise<FtpServer> {
  const { host = '127.0.0.1' } = options;
  const shared = { options, host, root: realpathSync(options.root), faults: new FtpFaults(), log: [] as string[] };
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    new FtpSession(shared, socket, ++connections).start();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, shared.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    faults: shared.faults,
    log: shared.log,
    inject: (fault) => shared.faults.inject(fault),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
