import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly user: string | undefined;
  readonly isEncrypted: boolean;
  /** As it came, with its headers. */
  readonly text: string;
}

/** A mail server on loopback; `refuses` decides about recipients. */
export async function mailServer(options: SMTPServerOptions = {}) {
  const mails: Mail[] = [];
  const refuses = { all: false, recipient: '' };
  const server = new SMTPServer({
    // Encrypted where the test brings a certificate.
    ...('cert' in options ? {} : { disabledCommands: ['STARTTLS'] }),
    authOptional: true,
    disableReverseLookup: true,
    onRcptTo({ address }, _session, done) {
      done(refuses.all || address === refuses.recipient ? new Error('no such mailbox') : null);
    },
    async onData(stream, { envelope, user, secure }, done) {
      mails.push({
        from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
        to: envelope.rcptTo.map(({ address }) => address),
        user: user as string | undefined,
        isEncrypted: secure,
        text: await text(stream),
      });
      done();
    },
    ...options,
  });
  server.on('error', () => {});
  await new Promise<void>((go) => server.listen(0, '127.0.0.1', go));
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    refuses,
    close: () => new Promise<void>((go) => server.close(go)),
  };
}
