import { createHash } from 'node:crypto';
import {
  closeSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  type Stats,
  statSync,
  unlinkSync,
} from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import ssh2, { type Algorithms, type AuthContext, type Connection, type ParsedKey, type SFTPWrapper } from 'ssh2';

const { Server, utils } = ssh2;
const { OPEN_MODE, STATUS_CODE } = utils.sftp;

export interface SftpServerOptions {
  /** Folder that is served as `/`, read-only. */
  readonly root: string;
  readonly users: Readonly<Record<string, string>>;
  /** How a password may come; `publickey` takes `publicKey`. All of `both` are wanted, one after the other. */
  readonly method?: 'password' | 'keyboard-interactive' | 'publickey' | 'both';
  readonly publicKey?: string;
  readonly hostKey?: string;
  /** Ends the connection instead of refusing a login. */
  readonly hangsUp?: boolean;
  readonly port?: number;
  /** What it offers, instead of everything current. */
  readonly algorithms?: Algorithms;
}

/** What goes wrong, for every file, until it is changed. */
interface SftpFaults {
  /** Bytes that one answer holds at most. */
  maxRead?: number;
  /** The connection breaks when byte `atByte` is asked for; so many times. */
  cut?: { atByte: number; times: number };
  /** No more answers from there on; so many times. */
  stall?: { atByte: number; times: number };
  /** The file is said to end there; so many times. */
  end?: { atByte: number; times: number };
  /** Status that this request gets instead of its answer; READDIR not for the first names. */
  status?: { request: 'READ' | 'OPEN' | 'LSTAT' | 'OPENDIR' | 'READDIR'; code: number; times: number };
  /** Listings tell neither sizes nor times. */
  bareListing?: boolean;
  /** Each answer to READDIR has this many names like `name`, after a pause, and there is no last one. */
  endlessListing?: { name: string; atOnce: number; pauseMilliseconds: number };
  /** Before each answer to READ. */
  readPauseMilliseconds?: number;
}

export interface SftpServer {
  readonly port: number;
  /** `SHA256:…` of the host key. */
  readonly fingerprint: string;
  readonly faults: SftpFaults;
  /** Each login that was tried, `<method> <user>`, and each request. */
  readonly log: readonly string[];
  close(): Promise<void>;
}

/** One in some hundred keys that ssh2 makes is one that it cannot read. */
export function newKey(): { private: string; public: string } {
  for (;;) {
    const key = utils.generateKeyPairSync('ed25519');
    if (!(utils.parseKey(key.private) instanceof Error)) return key;
  }
}

/** A small SFTP server on 127.0.0.1 that can be told to misbehave. */
export async function startSftpServer(options: SftpServerOptions): Promise<SftpServer> {
  const hostKey = options.hostKey ?? newKey().private;
  const shared: Shared = { options, faults: {}, log: [] };
  const connections = new Set<Connection>();
  const { algorithms } = options;
  const server = new Server({ hostKeys: [hostKey], ...(algorithms ? { algorithms } : {}) }, (connection) => {
    connections.add(connection);
    // It is there, but not among the types.
    (connection as unknown as { setNoDelay(): void }).setNoDelay();
    connection.on('error', () => {});
    connection.on('close', () => connections.delete(connection));
    connection.on('authentication', authenticate(shared, connection));
    connection.on('session', (accept) => {
      accept().on('sftp', (acceptSftp) => serve(acceptSftp(), connection, shared));
    });
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const key = utils.parseKey(hostKey) as ParsedKey;
  return {
    port: (server.address() as AddressInfo).port,
    fingerprint: `SHA256:${createHash('sha256').update(key.getPublicSSH()).digest('base64').replaceAll('=', '')}`,
    faults: shared.faults,
    log: shared.log,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const connection of connections) breakOff(connection);
      }),
  };
}

interface Shared {
  readonly options: SftpServerOptions;
  readonly faults: SftpFaults;
  readonly log: string[];
}

function authenticate({ options, log }: Shared, connection: Connection): (context: AuthContext) => void {
  const { method = 'password', users, publicKey } = options;
  const wanted = method === 'both' ? ['publickey', 'password'] : [method];
  const allowed = publicKey === undefined ? undefined : (utils.parseKey(publicKey) as ParsedKey);
  return (context) => {
    if (context.method === 'none') return context.reject([wanted[0] as 'password']);
    // A key is first shown and then used to sign: only the second is a login.
    const isShown = context.method === 'publickey' && !context.signature;
    if (!isShown) log.push(`${context.method} ${context.username}`);
    const judge = (isRight: boolean) => {
      if (!isRight) return options.hangsUp ? hangUp(connection) : context.reject([wanted[0] as 'password']);
      if (isShown || wanted.length === 1) return context.accept();
      wanted.shift();
      context.reject([wanted[0] as 'password'], true);
    };
    if (context.method !== wanted[0]) return judge(false);
    if (context.method === 'password') return judge(context.password === users[context.username]);
    if (context.method === 'keyboard-interactive') {
      context.prompt([{ prompt: 'Password: ', echo: false }], (answers) =>
        judge(answers?.[0] === users[context.username]),
      );
      return;
    }
    if (context.method !== 'publickey' || !allowed) return judge(false);
    const isKnown = context.key.data.equals(allowed.getPublicSSH());
    judge(isKnown && (isShown || allowed.verify(context.blob!, context.signature!, context.hashAlgo) === true));
  };
}

/** Something open: a folder with the names that are not told yet, or a file, which stays the same one when another takes its place. */
interface Entry {
  readonly path: string;
  readonly names?: string[];
  readonly file?: number;
}

function serve(sftp: SFTPWrapper, connection: Connection, { options, faults, log }: Shared): void {
  const handles = new Map<number, Entry>();
  let next = 0;
  const local = (path: string) => join(options.root, path);
  const open = (entry: Entry): Buffer => {
    const handle = Buffer.alloc(4);
    handle.writeUInt32BE(next);
    handles.set(next++, entry);
    return handle;
  };
  const entry = (handle: Buffer) => handles.get(handle.readUInt32BE())!;
  const orStatus = (request: number, work: () => void) => {
    try {
      work();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      sftp.status(request, code === 'ENOENT' ? STATUS_CODE.NO_SUCH_FILE : STATUS_CODE.PERMISSION_DENIED);
    }
  };
  const isStruck = (kind: string, request: number): boolean => {
    if (faults.status?.request !== kind || faults.status.times-- <= 0) return false;
    sftp.status(request, faults.status.code);
    return true;
  };

  sftp.on('REALPATH', (request, path) =>
    sftp.name(request, [{ filename: join('/', path), longname: '', attrs: attributesOf() }]),
  );
  sftp.on('STAT', (request, path) => {
    log.push(`STAT ${path}`);
    if (!isStruck('STAT', request)) orStatus(request, () => sftp.attrs(request, attributesOf(statSync(local(path)))));
  });
  sftp.on('LSTAT', (request, path) => {
    log.push(`LSTAT ${path}`);
    if (!isStruck('LSTAT', request)) orStatus(request, () => sftp.attrs(request, attributesOf(lstatSync(local(path)))));
  });
  const done = (request: number, work: () => void) =>
    orStatus(request, () => {
      work();
      sftp.status(request, STATUS_CODE.OK);
    });
  sftp.on('REMOVE', (request, path) => done(request, () => unlinkSync(local(path))));
  sftp.on('MKDIR', (request, path) => done(request, () => mkdirSync(local(path))));
  // As OpenSSH does it: nothing is replaced.
  sftp.on('RENAME', (request, from, to) =>
    done(request, () => {
      linkSync(local(from), local(to));
      unlinkSync(local(from));
    }),
  );
  sftp.on('OPENDIR', (request, path) => {
    log.push(`OPENDIR ${path}`);
    if (!isStruck('OPENDIR', request))
      orStatus(request, () => sftp.handle(request, open({ path, names: ['.', '..', ...readdirSync(local(path))] })));
  });
  sftp.on('READDIR', (request, handle) => {
    const { path, names } = entry(handle);
    const { endlessListing } = faults;
    if (endlessListing) {
      const { name: filename, atOnce, pauseMilliseconds } = endlessListing;
      const attrs = { mode: 0o100644, uid: 0, gid: 0, size: 1, atime: 1, mtime: 1 } as never;
      const some = Array.from({ length: atOnce }, () => ({ filename, longname: filename, attrs }));
      return void setTimeout(() => sftp.name(request, some), pauseMilliseconds);
    }
    if (!names!.includes('.') && isStruck('READDIR', request)) return;
    // A few at a time, so that a client has to ask more than once.
    const some = names!.splice(0, 3);
    if (some.length === 0) return sftp.status(request, STATUS_CODE.EOF);
    const attributes = (name: string) =>
      attributesOf(faults.bareListing ? undefined : lstatSync(join(local(path), name)));
    sftp.name(
      request,
      some.map((name) => ({ filename: name, longname: name, attrs: attributes(name) })),
    );
  });
  sftp.on('OPEN', (request, path, flags) => {
    log.push(`OPEN ${path}`);
    if (flags !== OPEN_MODE.READ) return sftp.status(request, STATUS_CODE.PERMISSION_DENIED);
    if (isStruck('OPEN', request)) return;
    orStatus(request, () => {
      const file = openSync(local(path), 'r');
      connection.once('close', () => closeSync(file));
      sftp.handle(request, open({ path, file }));
    });
  });
  sftp.on('READ', (request, handle, offset, length) => {
    if (isStruck('READ', request)) return;
    const reaches = (fault?: { atByte: number; times: number }) =>
      fault !== undefined && fault.times > 0 && offset + length > fault.atByte;
    if (reaches(faults.cut)) {
      faults.cut!.times -= 1;
      return breakOff(connection);
    }
    if (reaches(faults.stall)) return;
    const limit = reaches(faults.end) ? faults.end!.atByte - offset : length;
    const bytes = readPiece(entry(handle).file!, offset, Math.min(length, limit, faults.maxRead ?? length));
    const answer = () => (bytes.length > 0 ? sftp.data(request, bytes) : sftp.status(request, STATUS_CODE.EOF));
    if (faults.readPauseMilliseconds === undefined) return answer();
    setTimeout(answer, faults.readPauseMilliseconds);
  });
  sftp.on('CLOSE', (request, handle) => {
    const isFile = entry(handle).names === undefined;
    for (const fault of [faults.end, faults.stall]) if (fault && isFile) fault.times -= 1;
    sftp.status(request, STATUS_CODE.OK);
  });
  sftp.on('error', () => {});
}

function readPiece(file: number, offset: number, length: number): Buffer {
  if (length <= 0) return Buffer.alloc(0);
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(file, bytes, 0, length, offset));
}

/** Without stats, nothing is told. */
function attributesOf(stats?: Stats) {
  const told = stats && { mode: stats.mode, uid: 0, gid: 0, size: stats.size };
  return {
    ...told,
    ...(stats && { atime: stats.mtime.getTime() / 1000, mtime: Math.floor(stats.mtime.getTime() / 1000) }),
  } as never;
}

/** As a line that breaks: no goodbye. */
function breakOff(connection: Connection): void {
  (connection as unknown as { _sock: { destroy(): void } })._sock.destroy();
}

function hangUp(connection: Connection): void {
  (connection as unknown as { _protocol: { disconnect(reason: number): void } })._protocol.disconnect(2);
}
