import { Client } from 'basic-ftp';
import type { NightfeedError } from '../../core/errors.ts';

/** basic-ftp's client, which knows why we gave it up: whatever it was doing then fails in words of its own. */
export class FtpClient extends Client {
  reason: NightfeedError | undefined;

  giveUp(reason: NightfeedError): NightfeedError {
    this.reason ??= reason;
    this.ftp.closeWithError(reason);
    return reason;
  }
}
