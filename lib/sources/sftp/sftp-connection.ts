import { posix } from 'node:path';
import type { NightfeedError } from '../../core/errors.ts';
import { checkFileName } from '../common/file-name.ts';
import { LIMITS } from '../common/limits.ts';
import { slow } from '../common/pace.ts';
import { within } from '../common/within.ts';
import { sftpFailure } from './sftp-failure.ts';
import { readFrom } from './sftp-read.ts';
import { type SftpConfig, SftpSession } from './sftp-session.ts';

/** One session at a time; requests share it. */
export class Connection {
  readonly #config: SftpConfig;
  #session: Promise<SftpSession> | undefined;

  constructor(config: SftpConfig) {
    this.#config = config;
  }

  async use<T>(doing: string, work: (session: SftpSession) => Promise<T>): Promise<T> {
    return work(await this.#open()).catch((thrown) => {
      throw this.#failure(thrown, doing);
    });
  }

  /** For a listing and all questions about its files. */
  listing<T>(work: (session: SftpSession) => Promise<T>): Promise<T> {
    const { path, limits = LIMITS } = this.#config;
    const { listingMilliseconds } = limits;
    return this.use(`list of ${path}`, (session) => {
      const giveUp = () => {
        const failure = slow(`the listing and its files took longer than ${listingMilliseconds / 1000} s`);
        session.close(failure);
        return failure;
      };
      return within(listingMilliseconds, giveUp, () => work(session));
    });
  }

  async *bytesOf(name: string, from: number): AsyncGenerator<Buffer> {
    const session = await this.#open();
    try {
      checkFileName(name);
      const path = posix.join(this.#config.path, name);
      const handle = await session.ask<Buffer>((sftp, done) => sftp.open(path, 'r', done));
      try {
        yield* readFrom(session, handle, from, this.#config.limits ?? LIMITS);
      } finally {
        session.ask((sftp, done) => sftp.close(handle, done)).catch(() => {});
      }
    } catch (thrown) {
      throw this.#failure(thrown, `read of ${name}`);
    }
  }

  close(): void {
    this.#session?.then((session) => session.close()).catch(() => {});
    this.#session = undefined;
  }

  async #open(): Promise<SftpSession> {
    // Waits for an earlier call, so that overlapping calls do not log in twice.
    const before = this.#session?.catch(() => undefined);
    this.#session = (async () => {
      const session = await before;
      if (session?.isOpen) return session;
      session?.close();
      return SftpSession.open(this.#config);
    })();
    return this.#session.catch((thrown) => {
      throw this.#failure(thrown, 'log-in');
    });
  }

  #failure(thrown: unknown, doing: string): NightfeedError {
    const { host, port, password, passphrase } = this.#config;
    return sftpFailure(thrown, `${host}:${port}, ${doing}`, [password, passphrase]);
  }
}
