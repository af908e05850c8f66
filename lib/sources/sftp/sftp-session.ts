import { connect, type Socket } from 'node:net';
import ssh2, { type AnyAuthMethod, type Client, type ConnectConfig, type ParsedKey, type SFTPWrapper } from 'ssh2';
import { NightfeedError } from '../../core/errors.ts';
import { shownText } from '../../core/shown-text.ts';
import { KEEP_ALIVE_MILLISECONDS } from '../common/keep-alive.ts';
import type { Limits } from '../common/limits.ts';
import { fingerprintOf, keyTypeOf } from './host-key.ts';

export interface SftpConfig {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string | undefined;
  /** Private key, OpenSSH or PEM. With a password too, for servers that want both. */
  readonly key: string | undefined;
  readonly passphrase: string | undefined;
  /** The server's key must be one of these, `SHA256:…` as `ssh-keygen -lf` prints it. */
  readonly hostKeys: readonly string[];
  /** Folder on the server. */
  readonly path: string;
  /** `follow`, the default: a link counts as the file that it leads to. `ignore`: it is left out. */
  readonly links?: 'follow' | 'ignore' | undefined;
  /** A connection is closed after this long without an answer. Also the limit for logging in. */
  readonly timeoutMilliseconds?: number;
  /** A connection is probed after this long without traffic. */
  readonly keepAliveMilliseconds?: number;
  readonly limits?: Limits;
}

const DEFAULT_TIMEOUT = 30_000;
/** Characters of a server's list of authentication methods, in a message. */
const MAX_OFFERED = 200;

/** The server refused one request with a status. The connection can be used on. */
export class SftpStatus extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** One connection, logged in. Requests may overlap. */
export class SftpSession {
  readonly #client: Client;
  readonly #sftp: SFTPWrapper;
  readonly #timeout: number;
  #waiting = 0;
  #timer: NodeJS.Timeout | undefined;
  #failure: Error | undefined;

  private constructor(client: Client, sftp: SFTPWrapper, timeout: number) {
    this.#client = client;
    this.#sftp = sftp;
    this.#timeout = timeout;
    client.on('error', (error) => this.#fail(error));
    client.on('close', () => this.#fail(new Error('the server closed the connection')));
    sftp.on('error', (error: Error) => this.#fail(error));
    sftp.on('close', () => this.#fail(new Error('the server closed the channel')));
  }

  /** Checks the host key before user or password are sent. Throws NightfeedErrors and what ssh2 throws. */
  static async open(config: SftpConfig): Promise<SftpSession> {
    const timeout = config.timeoutMilliseconds ?? DEFAULT_TIMEOUT;
    const client = new ssh2.Client();
    const login = new Login(config);
    let timer: NodeJS.Timeout | undefined;
    try {
      const sftp = await new Promise<SFTPWrapper>((resolve, reject) => {
        timer = setTimeout(() => reject(new Error(`no session after ${timeout} ms`)), timeout);
        client.on('error', (error) => reject(login.refusal(error)));
        client.on('close', () => reject(new Error('the server closed the connection')));
        client.on('change password', () => reject(login.expired()));
        client.on('ready', () => client.sftp((error, channel) => (error ? reject(error) : resolve(channel))));
        client.connect({ ...login.options, sock: openSocket(config), readyTimeout: 0 });
      });
      return new SftpSession(client, sftp, timeout);
    } catch (thrown) {
      client.destroy();
      throw thrown;
    } finally {
      clearTimeout(timer);
    }
  }

  get isOpen(): boolean {
    return this.#failure === undefined;
  }

  /** Sends one request. The time-out is for silence of the server: each answer restarts it for all requests that wait. */
  ask<T>(request: (sftp: SFTPWrapper, done: (error: unknown, value?: T) => void) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#failure) return reject(this.#failure);
      if (this.#waiting++ === 0) this.#timer = setTimeout(() => this.#expire(), this.#timeout);
      request(this.#sftp, (error, value) => {
        if (--this.#waiting === 0) clearTimeout(this.#timer);
        else this.#timer?.refresh();
        if (!error) resolve(value as T);
        else reject(this.#failure ?? answered(error as Error & { code?: unknown }));
      });
    });
  }

  /** All requests that wait for an answer fail with `why`. */
  close(why = new Error('the connection is closed')): void {
    clearTimeout(this.#timer);
    this.#fail(why);
    this.#client.destroy();
  }

  #expire(): void {
    this.close(new Error(`no answer for ${this.#timeout} ms`));
  }

  #fail(error: Error): void {
    this.#failure ??= error;
  }
}

/** Without Nagle's algorithm: requests are small, and each would wait 40 ms for the answer to the one before. */
function openSocket({ host, port, keepAliveMilliseconds = KEEP_ALIVE_MILLISECONDS }: SftpConfig): Socket {
  return connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveMilliseconds });
}

function answered(error: Error & { code?: unknown }): Error {
  return typeof error.code === 'number' ? new SftpStatus(error.code, error.message) : error;
}

/** The login: our credentials, and the host keys that we accept. */
class Login {
  readonly options: ConnectConfig;
  readonly #config: SftpConfig;
  readonly #key: ParsedKey | undefined;
  #offered: readonly string[] = [];
  #isSent = false;
  #stranger: NightfeedError | undefined;

  constructor(config: SftpConfig) {
    this.#config = config;
    this.#key = config.key === undefined ? undefined : parseKey(config.key, config.passphrase);
    this.options = {
      username: config.user,
      // Without a verifier ssh2 accepts any host key.
      hostVerifier: (key: Buffer) => {
        if (config.hostKeys.includes(fingerprintOf(key))) return true;
        this.#stranger = strange(key, config.hostKeys);
        return false;
      },
      authHandler: (offered, isPartial, next) => next(this.#method(offered, isPartial) as AnyAuthMethod),
    };
  }

  /**
   * Each credential is sent once, and none after a refusal: a second try with the same password would only bring the account nearer to
   * being locked. The method `none` does not count as a try: with it a client asks which methods the server accepts.
   */
  #method(offered: readonly string[] | null, isPartial: boolean | null): object | false {
    const { user: username, password } = this.#config;
    const key = this.#key;
    if (offered === null) return { type: 'none', username };
    this.#offered = offered;
    if (this.#isSent && !isPartial) return false;
    if (key !== undefined && !this.#isSent && offered.includes('publickey')) {
      this.#isSent = true;
      return { type: 'publickey', username, key };
    }
    if (password === undefined) return false;
    this.#isSent = true;
    if (offered.includes('password')) return { type: 'password', username, password };
    if (!offered.includes('keyboard-interactive')) return false;
    const prompt = (
      _name: string,
      _text: string,
      _language: string,
      prompts: unknown[],
      answer: (a: string[]) => void,
    ) => answer(prompts.length === 1 ? [password] : []);
    return { type: 'keyboard-interactive', username, prompt };
  }

  /** What an error during the login means. Some servers close the connection after a wrong password, which must not count as a broken line. */
  refusal(error: Error & { level?: string; code?: unknown }): Error {
    if (this.#stranger) return this.#stranger;
    const isHangUp = this.#isSent && typeof error.code === 'number';
    if (error.level !== 'client-authentication' && !isHangUp) return error;
    const has = [...(this.#config.key ? ['key'] : []), ...(this.#config.password ? ['password'] : [])];
    const reason = isHangUp ? `: ${error.message}` : '';
    return new NightfeedError(
      'SOURCE_LOGIN',
      `the server refuses ${has.join(' and ') || 'a login without key and password'}${reason}; it accepts ${shownText(this.#offered.join(', '), MAX_OFFERED) || 'nothing'}`,
    );
  }

  expired(): Error {
    return new NightfeedError('SOURCE_LOGIN', 'the password has expired; the server asks for a new one');
  }
}

/** A key with a passphrase takes seconds to read: the format makes guessing slow. */
function parseKey(text: string, passphrase: string | undefined): ParsedKey {
  const parsed = ssh2.utils.parseKey(text, passphrase);
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  if (!(key instanceof Error) && key?.isPrivateKey()) return key;
  const reason = key instanceof Error ? key.message : 'it holds no private key';
  throw new NightfeedError('SOURCE_LOGIN', `the private key cannot be read: ${reason}`);
}

function strange(key: Buffer, allowed: readonly string[]): NightfeedError {
  return new NightfeedError(
    'SOURCE_HOST_KEY',
    `the server showed the ${keyTypeOf(key)} key ${fingerprintOf(key)}; host_key allows ${allowed.join(', ')}`,
  );
}
