import { createTransport } from 'nodemailer';
import { NightfeedError } from '../../core/errors.ts';
import { shortHash } from '../../core/feed/reading-spec.ts';
import type { Notifier } from '../../ports/notifier.ts';
import { textOf } from '../common/message-parts.ts';

interface Mail {
  readonly host: string;
  readonly port: number;
  readonly tls: 'starttls' | 'implicit' | 'none';
  readonly ca?: string | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly from: string;
  readonly to: readonly string[];
}

/** Without a sign of life. */
const PATIENCE_MS = 10_000;
/** For a whole mail. */
const MAIL_MS = 30_000;

/**
 * Sends each message as a mail of plain text. Its Message-ID is the same in every repetition, and mails about one run form a thread. A
 * recipient whom the server refuses makes the whole mail a refusal: nobody is left out in silence.
 */
export function smtpNotifier({ host, port, tls, ca, user, password, from, to }: Mail): Notifier {
  const transport = createTransport({
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    tls: { ...(ca === undefined ? {} : { ca }), minVersion: 'TLSv1.2' },
    ...(user === undefined ? {} : { auth: { user, pass: password ?? '' } }),
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
    dnsTimeout: PATIENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send(message) {
      const idOf = (text: string) => `<${shortHash(text)}@${from.split('@')[1]}>`;
      const thread = idOf(message.run);
      const sent = await transport
        .sendMail({
          from,
          to: [...to],
          subject: message.subject,
          text: `${textOf(message)}\n`,
          messageId: idOf(message.id),
          references: thread,
          inReplyTo: thread,
          signal: AbortSignal.timeout(MAIL_MS),
          headers: { 'auto-submitted': 'auto-generated' },
        })
        .catch((cause: Refusal) => {
          throw unsent(cause.message, isOfTheMail(cause) ? 'MESSAGE_REFUSED' : 'NOTIFIER_UNAVAILABLE');
        });
      if (sent.rejected.length > 0)
        throw unsent(`the server refused ${sent.rejected.length} of ${to.length} recipients`);
    },
  };

  function unsent(reason: string, name: 'MESSAGE_REFUSED' | 'NOTIFIER_UNAVAILABLE' = 'NOTIFIER_UNAVAILABLE') {
    return new NightfeedError(name, `the mail server ${host}:${port} did not take the message: ${reason}`);
  }
}

/** What nodemailer says of a server's answer. */
interface Refusal extends Error {
  readonly command?: string;
  readonly responseCode?: number;
}

/** The server took sender and recipients, but not what the mail says, such as its size; trying again does not help the next one. */
function isOfTheMail({ command, responseCode = 0 }: Refusal): boolean {
  return command === 'DATA' && responseCode >= 500;
}
