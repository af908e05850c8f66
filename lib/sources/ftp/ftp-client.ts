import { Client } from 'basic-ftp';
import type { NightfeedError } from '../../core/errors.ts';

/** basic-ftp's client, and the reason why we closed it: basic-ftp itself reports a closed client with a message of its own. */
export class FtpClient extends Client {
  reason: NightfeedError | undefined;

  giveUp(reason: NightfeedError): NightfeedError {
    this.reason ??= reason;
    this.ftp.closeWithError(reason);
    return reason;
  }
}
