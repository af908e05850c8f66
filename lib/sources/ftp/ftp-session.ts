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
  /** `follow`, the default: a link counts as the file that it leads to. `ignore`: it is left out. */
  readonly links?: 'follow' | 'ignore' | undefined;
  /** A connection is closed after this long without a byte or an answer. Also the limit for logging in. */
  readonly timeoutMilliseconds?: number;
  /** A connection is probed after this long without traffic. */
  readonly keepAliveMilliseconds?: number;
  readonly limits?: Limits;
  /** Certificates in PEM that are trusted instead of the public authorities. */
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
  // basic-ftp has no time-out for the handshake after AUTH TLS, and closing the client does not end the handshake.
  const giveUp = () => {
    client.close();
    return new Error(`no session after ${milliseconds} ms`);
  };
  await within(milliseconds, giveUp, () => enter(client, config));
}

/** basic-ftp limits a reply to 64 KB, but restarts its time-out with each chunk of it. */
function limitReplies(client: FtpClient, { answerMilliseconds }: Limits): void {
  const request = client.ftp.request.bind(client.ftp);
  client.ftp.request = (command) => {
    const [verb] = command.split(' ');
    const giveUp = () => client.giveUp(slow(`the reply to ${verb} took longer than ${answerMilliseconds / 1000} s`));
    return within(answerMilliseconds, giveUp, () => request(command));
  };
}

async function enter(client: FtpClient, config: FtpConfig): Promise<void> {
  if (config.tls === 'implicit') await client.connectImplicitTLS(config.host, config.port, tlsOptions(config));
  else await client.connect(config.host, config.port);
  if (config.tls === 'explicit') await upgrade(client, config);
  client.keepControlAlive();
  // Without it some servers decode user and password as Latin-1.
  await client.sendIgnoringError('OPTS UTF8 ON');
  await identify(client, config);
  await client.useDefaultSettings();
  // basic-ftp would try `LIST -a` first, which lists nothing on servers that take `-a` for a pattern.
  client.availableListCommands = [client.availableListCommands.includes('MLSD') ? 'MLSD' : 'LIST'];
  await client.cd(config.path);
}

/** When proftpd denies a file, it resets the data connection before it gives the reason on the control connection. */
const REASON_MILLISECONDS = 500;

function hearReasons({ ftp }: Client): void {
  const close = ftp.closeWithError.bind(ftp);
  ftp.closeWithError = (error: NodeJS.ErrnoException) => {
    // The socket reports the error first, and then that it was closed.
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
    // Called for the control connection, and for a data connection that did not resume its session.
    checkServerIdentity: (host: string, shown: PeerCertificate) =>
      checkServerIdentity(host, shown) ?? pinFault(shown, config.certificate),
    // Set explicitly, so that NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment has no effect.
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
