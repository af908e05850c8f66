import { KEEP_ALIVE_MILLISECONDS } from '../common/keep-alive.ts';
import { LIMITS } from '../common/limits.ts';
import { slow } from '../common/pace.ts';
import { within } from '../common/within.ts';
import { FtpClient } from './ftp-client.ts';
import { ftpFailure } from './ftp-failure.ts';
import { DEFAULT_TIMEOUT, type FtpConfig, logIn } from './ftp-session.ts';

/** Logged-in clients. basic-ftp allows one command at a time on each. */
export class Connections {
  readonly #config: FtpConfig;
  readonly #open = new Set<FtpClient>();
  #idle: FtpClient[] = [];

  constructor(config: FtpConfig) {
    this.#config = config;
  }

  /** A connection is not used again after a failure, because a late reply would be taken for the reply to the next command. */
  async use<T>(doing: string, work: (client: FtpClient) => Promise<T>): Promise<T> {
    let client: FtpClient | undefined;
    try {
      client = (await this.#takeIdle()) ?? (await this.#connect());
      const result = await work(client);
      this.#idle.push(client);
      return result;
    } catch (thrown) {
      if (client) this.#drop(client);
      const { host, port, path, password } = this.#config;
      throw ftpFailure(client?.reason ?? thrown, `${host}:${port}, ${client ? doing : `log-in and CWD to ${path}`}`, {
        password,
        isLoggedIn: client !== undefined,
      });
    }
  }

  /** For a listing and all questions about its files. */
  listing<T>(path: string, work: (client: FtpClient) => Promise<T>): Promise<T> {
    return this.look(`MLSD or LIST of ${path}`, work);
  }

  /** For work that may list the folder. */
  look<T>(doing: string, work: (client: FtpClient) => Promise<T>): Promise<T> {
    const { listingMilliseconds } = this.#config.limits ?? LIMITS;
    return this.use(doing, (client) => {
      const giveUp = () =>
        client.giveUp(slow(`the listing and its files took longer than ${listingMilliseconds / 1000} s`));
      return within(listingMilliseconds, giveUp, () => work(client));
    });
  }

  close(): void {
    for (const client of this.#open) this.#drop(client);
    this.#idle = [];
  }

  /** NOOP shows whether the server closed the connection while it was idle. */
  async #takeIdle(): Promise<FtpClient | undefined> {
    for (let client = this.#idle.pop(); client; client = this.#idle.pop()) {
      try {
        await client.send('NOOP');
        return client;
      } catch {
        this.#drop(client);
      }
    }
    return undefined;
  }

  async #connect(): Promise<FtpClient> {
    const { timeoutMilliseconds = DEFAULT_TIMEOUT, keepAliveMilliseconds = KEEP_ALIVE_MILLISECONDS } = this.#config;
    const client = new FtpClient(timeoutMilliseconds, keepAliveMilliseconds);
    this.#open.add(client);
    try {
      await logIn(client, this.#config);
      return client;
    } catch (thrown) {
      this.#drop(client);
      throw thrown;
    }
  }

  #drop(client: FtpClient): void {
    this.#open.delete(client);
    client.close();
  }
}
