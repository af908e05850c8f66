import { mkdirSync, renameSync, unlinkSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { createSecureContext, type SecureContext, TLSSocket } from 'node:tls';
import type { FtpServerOptions } from './ftp-server.ts';
import { DataConnection, type DataTls, type TransferReply } from './ftp-server-data.ts';
import { DRIP_MILLISECONDS, type FtpFaults, repeat } from './ftp-server-faults.ts';
import { ftpPath, listing, localPath, mlsdLine, statsOf, timestamp } from './ftp-server-files.ts';

interface Shared {
  readonly options: FtpServerOptions;
  readonly host: string;
  readonly root: string;
  readonly faults: FtpFaults;
  readonly log: string[];
}

/** One control connection. Commands run strictly one after the other. */
export class FtpSession {
  readonly #shared: Shared;
  readonly #raw: Socket;
  readonly #number: number;
  readonly #context: SecureContext | undefined;
  #control: Socket;
  #work: Promise<void> = Promise.resolve();
  #user: string | undefined;
  #loggedIn = false;
  #folder = '/';
  #restart = 0;
  #renamed = '';
  #isAscii: boolean;
  #protected = false;
  #data: DataConnection | undefined;

  constructor(shared: Shared, socket: Socket, number: number) {
    this.#shared = shared;
    this.#raw = socket;
    this.#control = socket;
    this.#number = number;
    this.#isAscii = shared.options.startsInAscii ?? false;
    const { tls } = shared.options;
    if (tls) {
      const version = tls.version ? { minVersion: tls.version, maxVersion: tls.version } : {};
      this.#context = createSecureContext({ key: tls.key, cert: tls.cert, ...version });
    }
  }

  start(): void {
    // Without it, 150 and 226 wait for each other's acknowledgement, 40 ms a transfer.
    this.#raw.setNoDelay();
    this.#raw.on('close', () => this.#data?.destroy());
    if (this.#shared.options.tls?.implicit) this.#encrypt();
    else this.#listen(this.#raw);
    this.#enqueue('CONNECT', async () => this.#reply('220 Ready'));
  }

  #encrypt(): void {
    this.#raw.removeAllListeners('data');
    const secure = new TLSSocket(this.#raw, { isServer: true, secureContext: this.#context! });
    secure.on('secure', () => this.#shared.log.push(`${this.#number} handshake for ${secure.servername || 'no name'}`));
    this.#control = secure;
    this.#listen(secure);
  }

  #listen(socket: Socket): void {
    let rest = '';
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      const lines = (rest + chunk).split('\r\n');
      rest = lines.pop()!;
      for (const line of lines) this.#receive(line);
    });
  }

  #receive(line: string): void {
    const [, verb = '', argument = ''] = /^(\S*) ?(.*)$/s.exec(line)!;
    const command = verb.toUpperCase();
    const security = this.#control === this.#raw ? 'plain' : 'tls';
    this.#shared.log.push(`${this.#number} ${security} ${command === 'PASS' ? 'PASS ***' : line}`);
    this.#enqueue(command, () => this.#perform(command, argument), argument);
  }

  #enqueue(command: string, work: () => Promise<void>, file?: string): void {
    const { faults } = this.#shared;
    this.#work = this.#work
      .then(async () => {
        if (faults.take(['silent'], file, command)) return;
        const noise = faults.take(['talk', 'chatter'], file, command);
        if (noise) return await repeat(this.#control, noise.content!, noise.kind === 'chatter' ? DRIP_MILLISECONDS : 0);
        if (faults.take(['dropped'], file, command)) this.#raw.resetAndDestroy();
        else if (faults.take(['busy'], file, command)) this.#reply('450 File busy');
        else if (faults.take(['denied'], file, command)) this.#reply('550 Permission denied');
        else await work();
      })
      .catch(() => {
        // Only a client that went away breaks a transfer in another way than by a fault.
        this.#data?.destroy();
        this.#reply('426 Connection closed; transfer aborted');
      });
  }

  #reply(text: string): void {
    if (!this.#control.destroyed) this.#control.write(`${text}\r\n`);
  }

  async #perform(command: string, argument: string): Promise<void> {
    const action = this.#actions[command];
    if (!action || this.#shared.options.lacks?.includes(command)) return this.#reply('502 Command not implemented');
    if (!this.#loggedIn && !beforeLogin.has(command)) return this.#reply('530 Please log in');
    await action(argument);
  }

  readonly #actions: Record<string, (argument: string) => void | Promise<void>> = {
    AUTH: (mechanism) => this.#authenticate(mechanism),
    PBSZ: () => this.#reply('200 PBSZ=0'),
    PROT: (level) => {
      this.#protected = level.toUpperCase() === 'P' && this.#control !== this.#raw;
      this.#reply(this.#protected ? '200 Protection set' : '536 Only PROT P, after AUTH TLS');
    },
    USER: (user) => {
      this.#user = user;
      this.#reply('331 Password required');
    },
    PASS: (password) => this.#logIn(password),
    QUIT: () => {
      this.#reply('221 Goodbye');
      this.#control.end();
    },
    NOOP: () => this.#reply('200 OK'),
    SYST: () => this.#reply('215 UNIX Type: L8'),
    FEAT: () => this.#reply(this.#features()),
    OPTS: () => this.#reply('200 OK'),
    STRU: (structure) => this.#reply(structure === 'F' ? '200 OK' : '504 Only STRU F'),
    TYPE: (type) => {
      this.#isAscii = type === 'A';
      this.#reply(`200 Type set to ${type}`);
    },
    PWD: () => this.#reply(`257 "${this.#folder}" is the current folder`),
    CWD: (name) => {
      const path = ftpPath(this.#folder, name);
      if (!statsOf(localPath(this.#shared.root, path))?.isDirectory()) return this.#reply('550 No such folder');
      this.#folder = path!;
      this.#reply('250 Changed');
    },
    SIZE: (name) => {
      if (this.#isAscii) return this.#reply('550 SIZE is not for ASCII');
      return this.#onFile(name, (local) => this.#reply(`213 ${statsOf(local)!.size}`));
    },
    MDTM: (name) =>
      this.#onFile(name, (local) => {
        const { mdtmHours = 0 } = this.#shared.options;
        this.#reply(`213 ${timestamp(new Date(statsOf(local)!.mtimeMs + mdtmHours * 3_600_000))}`);
      }),
    MLST: (name) =>
      this.#onFile(name, (local) => this.#reply(`250-Listing\r\n ${mlsdLine(name, statsOf(local)!)}\r\n250 End`)),
    EPSV: async () => this.#reply(`229 Entering Extended Passive Mode (|||${await this.#passivePort()}|)`),
    PASV: async () => {
      const port = await this.#passivePort();
      const host = this.#shared.faults.take(['passiveLies']) ? '10,255,255,1' : '127,0,0,1';
      this.#reply(`227 Entering Passive Mode (${host},${port >> 8},${port & 255})`);
    },
    MLSD: (name) => this.#list('MLSD', name),
    LIST: (name) => this.#list('LIST', name),
    REST: (offset) => {
      this.#restart = Number(offset);
      this.#reply(`350 Restarting at ${offset}`);
    },
    DELE: (name) =>
      this.#onFile(name, (local) => {
        unlinkSync(local);
        this.#reply('250 Deleted');
      }),
    MKD: (name) => {
      mkdirSync(join(this.#shared.root, ftpPath(this.#folder, name)!));
      this.#reply('257 Made');
    },
    RNFR: (name) =>
      this.#onFile(name, (local) => {
        this.#renamed = local;
        this.#reply('350 To what');
      }),
    // It replaces a file that is there, as many servers do.
    RNTO: (name) => {
      renameSync(this.#renamed, join(this.#shared.root, ftpPath(this.#folder, name)!));
      this.#reply('250 Renamed');
    },
    RETR: (name) => this.#onFile(name, (local) => this.#retrieve(name, local)),
  };

  #authenticate(mechanism: string): void {
    const { faults } = this.#shared;
    if (!this.#context || mechanism.toUpperCase() !== 'TLS' || faults.take(['refuseAuthTls'])) {
      this.#reply('504 Mechanism not supported');
      return;
    }
    this.#reply('234 Proceed');
    if (faults.take(['stallTls'])) this.#raw.removeAllListeners('data').resume();
    else this.#encrypt();
  }

  #logIn(password: string): void {
    const { users } = this.#shared.options;
    this.#loggedIn = this.#user !== undefined && (!users || users[this.#user] === password);
    this.#reply(this.#loggedIn ? '230 Logged in' : '530 Login incorrect');
  }

  #features(): string {
    const { lacks = [], tls } = this.#shared.options;
    const known = ['MLSD', 'SIZE', 'MDTM', 'EPSV'].filter((command) => !lacks.includes(command));
    const lines = known.map((command) => (command === 'MLSD' ? 'MLST type*;size*;modify*;' : command));
    const secure = tls ? ['AUTH TLS', 'PBSZ', 'PROT'] : [];
    return `211-Features:\r\n${[...lines, 'UTF8', 'REST STREAM', ...secure].map((line) => ` ${line}\r\n`).join('')}211 End`;
  }

  async #onFile(name: string, work: (local: string) => void | Promise<void>): Promise<void> {
    const local = localPath(this.#shared.root, ftpPath(this.#folder, name));
    if (!statsOf(local)?.isFile()) return this.#reply('550 No such file');
    await work(local!);
  }

  async #passivePort(): Promise<number> {
    this.#data?.destroy();
    const data = await DataConnection.listen(this.#shared.host);
    const { port } = data;
    if (this.#shared.faults.take(['passiveBlocked'])) data.destroy();
    this.#data = data;
    return this.#shared.faults.take(['passiveElsewhere'])?.port ?? port;
  }

  async #list(style: 'MLSD' | 'LIST', name: string): Promise<void> {
    const local = localPath(this.#shared.root, ftpPath(this.#folder, name.replace(/^-\w+ ?/, '')));
    if (!statsOf(local)?.isDirectory()) return this.#reply('550 No such folder');
    const flood = this.#shared.faults.take(['endless', 'drip'], undefined, style);
    if (flood) return this.#transfer((data) => data.sendOn(flood, this.#dataTls()));
    const lines = listing(local!, style);
    const text = this.#shared.options.lacks?.includes('size') ? lines.replaceAll(/size=\d+;/g, '') : lines;
    await this.#transfer((data) => data.sendText(text, this.#dataTls()));
    if (!this.#shared.faults.take(['closeControlAfterList'])) return;
    setTimeout(() => {
      this.#reply('421 Timeout');
      this.#control.end();
    }, IDLE_MILLISECONDS);
  }

  async #retrieve(name: string, local: string): Promise<void> {
    const { faults } = this.#shared;
    const start = faults.take(['ignoreRest'], name) ? 0 : this.#restart;
    this.#restart = 0;
    const flood = faults.take(['endless', 'drip'], name, 'RETR');
    if (flood) return this.#transfer((data) => data.sendOn(flood, this.#dataTls()));
    if (this.#isAscii || faults.take(['translate'], name))
      return this.#transfer((data) => data.sendTranslated(local, this.#dataTls()));
    const fault = faults.take(
      ['cut226', 'cut426', 'reset', 'stall', 'replace', 'grow', 'loseReply', 'idleReply'],
      name,
    );
    await this.#transfer((data) => data.sendFile(local, start, fault, this.#dataTls()));
  }

  async #transfer(send: (data: DataConnection) => Promise<TransferReply>): Promise<void> {
    const data = this.#data;
    if (!data) return this.#reply('425 Use EPSV or PASV first');
    this.#reply('150 Here it comes');
    const reply = await send(data);
    this.#data = undefined;
    if (reply !== null) this.#reply(reply);
  }

  #dataTls(): DataTls | undefined {
    if (!this.#protected || !this.#context) return undefined;
    return {
      context: this.#context,
      requireReuse: this.#shared.options.tls?.requireReuse ?? false,
      onSecure: (resumed) => this.#shared.log.push(`${this.#number} data ${resumed ? 'resumed' : 'new'}`),
    };
  }
}

/** Long enough for the client to have seen the end of the listing. */
const IDLE_MILLISECONDS = 20;

const beforeLogin = new Set(['AUTH', 'PBSZ', 'PROT', 'USER', 'PASS', 'QUIT', 'FEAT', 'OPTS', 'SYST', 'NOOP']);
