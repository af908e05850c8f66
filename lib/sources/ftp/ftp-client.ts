import { Socket } from 'node:net';
import { Client } from 'basic-ftp';
import type { NightfeedError } from '../../core/errors.ts';

/**
 * basic-ftp's client, and the reason why we closed it: basic-ftp itself reports a closed client with a message of its own. Its
 * connections are probed while they are silent, as the control connection is during a transfer.
 */
export class FtpClient extends Client {
  reason: NightfeedError | undefined;
  readonly #keepAliveMilliseconds: number;

  constructor(timeoutMilliseconds: number, keepAliveMilliseconds: number) {
    super(timeoutMilliseconds);
    this.#keepAliveMilliseconds = keepAliveMilliseconds;
    // Data connections have no other place where they can be had before they are in use.
    this.ftp._newSocket = () => new Socket().setKeepAlive(true, keepAliveMilliseconds);
  }

  /** basic-ftp sets the operating system's time for each control connection, and once more when it encrypts it. */
  keepControlAlive(): void {
    this.ftp.socket.setKeepAlive(true, this.#keepAliveMilliseconds);
  }

  giveUp(reason: NightfeedError): NightfeedError {
    this.reason ??= reason;
    this.ftp.closeWithError(reason);
    return reason;
  }
}
