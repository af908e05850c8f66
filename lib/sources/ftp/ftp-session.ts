import { isIP } from 'node:net';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import { type Client, FTPError } from 'basic-ftp';
import { NightfeedError } from '../../core/errors.ts';
import { LIMITS, type Limits } from '../common/limits.ts';
import { slow } from '../common/pace.ts';
import { within } from '../common/within.ts';
import type { FtpClient } from './ftp-client.ts';

export interface FtpConfig {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string | undefined;
  readonly tls: 'none' | 'explicit' | 'implicit';
  /** Folder on the server. */
  readonly path: string;
  /** Whether a link is the file that it leads to, or nothing; it is followed unless told. */
  readonly links?: 'follow' | 'ignore' | undefined;
  /** Without a byte or an answer for this long, a connection is given up; also the limit for logging in. */
  readonly timeoutMilliseconds?: number;
  readonly limits?: Limits;
  /** PEM; trusted instead of the public authorities. */
  readonly ca?: string;
  /** The only certificate that is accepted: SHA-256, pairs of hexadecimal digits with colons between them. */
  readonly certificate?: string;
}

export const DEFAULT_TIMEOUT = 30_000;

/** Brings a new client into the feed's folder, in binary mode. Throws NightfeedErrors and what basic-ftp throws. */
export async function logIn(client: FtpClient, config: FtpConfig): Promise<void> {
  hearReasons(client);
  limitReplies(client, config.limits ?? LIMITS);
  const milliseconds = config.timeoutMilliseconds ?? DEFAULT_TIMEOUT;
  // basic-ftp has no time-out of its own for the handshake after AUTH TLS, and closing the client does not end it.
  const giveUp = () => {
    client.close();
    return new Error(`no session after ${milliseconds} ms`);
  };
  await within(milliseconds, giveUp, () => enter(client, config));
}

/** basic-ftp takes at most 64 KB for a reply, and begins its time-out anew with each of them. */
function limitReplies(client: FtpClient, { answerMilliseconds }: Limits): void {
  const request = client.ftp.request.bind(client.ftp);
  client.ftp.request = (command) => {
    const [verb] = command.split(' ');
    const giveUp = () => client.giveUp(slow(`the reply to ${verb} took longer than ${answerMilliseconds / 1000} s`));
    return within(answerMilliseconds, giveUp, () => request(command));
  };
}

async function enter(client: Client, config: FtpConfig): Promise<void> {
  if (config.tls === 'implicit') await client.connectImplicitTLS(config.host, config.port, tlsOptions(config));
  else await client.connect(config.host, config.port);
  if (config.tls === 'explicit') await upgrade(client, config);
  // Some servers decode user and password as Latin-1 without it.
  await client.sendIgnoringError('OPTS UTF8 ON');
  await identify(client, config);
  await client.useDefaultSettings();
  // `LIST -a`, which basic-ftp would try first, lists nothing on servers that take `-a` for a pattern.
  client.availableListCommands = [client.availableListCommands.includes('MLSD') ? 'MLSD' : 'LIST'];
  await client.cd(config.path);
}

/** proftpd resets the data connection of a file that it denies before it says so on the other one. */
const REASON_MILLISECONDS = 500;

function hearReasons({ ftp }: Client): void {
  const close = ftp.closeWithError.bind(ftp);
  ftp.closeWithError = (error: NodeJS.ErrnoException) => {
    // An error comes first, then that the socket was closed by it.
    const mayBeExplained = error.message.endsWith('(data socket)') && !error.message.startsWith('Timeout');
    if (mayBeExplained) setTimeout(close, REASON_MILLISECONDS, error);
    else close(error);
  };
}

function tlsOptions(config: FtpConfig) {
  return {
    host: config.host,
    ...(isIP(config.host) ? {} : { servername: config.host }),
    ...(config.ca === undefined ? {} : { ca: config.ca }),
    // Asked on the control connection, and on a data connection that did not resume its session.
    checkServerIdentity: (host: string, shown: PeerCertificate) =>
      checkServerIdentity(host, shown) ?? pinFault(shown, config.certificate),
    // Said expressly, so that NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment does not count.
    rejectUnauthorized: true,
  };
}

function pinFault(shown: PeerCertificate, pinned: string | undefined): Error | undefined {
  if (pinned === undefined || shown.fingerprint256 === pinned.toUpperCase()) return undefined;
  return new NightfeedError(
    'SOURCE_TLS',
    `the server showed the certificate ${shown.fingerprint256}; the feed allows ${pinned.toUpperCase()}`,
    {
      hint: 'Ask the vendor whether they renewed it. Only when they confirm the fingerprint, put it into the feed file.',
    },
  );
}

async function upgrade(client: Client, config: FtpConfig): Promise<void> {
  await client.useTLS(tlsOptions(config)).catch((thrown) => {
    if (!(thrown instanceof FTPError) || thrown.code === 421) throw thrown;
    const reply = `The server refused AUTH TLS with ${thrown.code}`;
    throw new NightfeedError('SOURCE_TLS', `${reply}; user and password were not sent.`, {
      hint: 'Ask the vendor for FTP over TLS, or try `tls: implicit` with its port (usually 990).',
    });
  });
}

async function identify(client: Client, { user, password }: FtpConfig): Promise<void> {
  if (/[\r\n\0]/.test(user + (password ?? ''))) {
    throw new NightfeedError('SOURCE_LOGIN', 'User or password holds a line end or a NUL byte, which FTP cannot send.');
  }
  await client.login(user, password);
}
