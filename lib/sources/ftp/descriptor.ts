import { z } from 'zod';
import { withDate } from '../../core/feed/values/date-form.ts';
import { dated, matching, secret } from '../../core/feed/values/text-forms.ts';
import type { SourceKind } from '../../ports/source-kind.ts';
import { host, links, ofDate, port, secretWays } from '../common/options.ts';

const server = z
  .strictObject({
    host,
    port: port.default(21).describe('Port of the control connection.'),
    user: z.string().min(1).default('anonymous').describe('Login name.'),
    password: secret.optional().describe(`Where the password is: ${secretWays}.`),
    tls: z
      .enum(['none', 'explicit', 'implicit'])
      .default('none')
      .describe('`explicit` is AUTH TLS on the normal port; certificates are always verified.'),
    ca: secret
      .optional()
      .describe(
        "Where the certificate (PEM) of the authority is that signed the server's certificate, if it is not one of the public authorities.",
      ),
    certificate: matching(
      /^([0-9A-Fa-f]{2}:){31}[0-9A-Fa-f]{2}$/,
      'expected a SHA-256 fingerprint, 32 pairs of hexadecimal digits with colons between them',
    )
      .optional()
      .describe(
        'The only certificate that the server may show, as `openssl x509 -noout -fingerprint -sha256` prints it. It is verified as well.',
      ),
    path: dated.min(1).default('/').describe(`Folder on the server. ${ofDate}`),
    links,
  })
  .refine(({ tls, ca, certificate }) => tls !== 'none' || (ca ?? certificate) === undefined, {
    error: 'ca and certificate are for TLS; expected tls: explicit or tls: implicit',
  })
  .describe('A folder on an FTP or FTPS server.');

const options = { ftp: server };

export const ftp: SourceKind<typeof options> = {
  name: 'ftp',
  options,
  ofUrl({ protocol, hostname, port, username }, { path, password }) {
    if (protocol !== 'ftp:' && protocol !== 'ftps:') return undefined;
    const login = username === '' ? {} : { user: decodeURIComponent(username), password };
    // As in curl, ftps is TLS from the first byte on, by custom at port 990.
    const tls =
      protocol === 'ftps:' ? { port: Number(port || 990), tls: 'implicit' } : port === '' ? {} : { port: Number(port) };
    return { ftp: { host: hostname, ...tls, ...login, path } };
  },
  reach: ({ ftp: { host, port } }) => ({ place: `${host}:${port}` }),
  cloud: ({ ftp: { host, port } }) => ({
    listeners: [
      { host, ports: [port, port] },
      { host, ports: DATA_PORTS },
    ],
  }),
  async open({ ftp: { path, certificate, host, port, user, tls, links } }, { date }) {
    const { ftpSource } = await import('./ftp.ts');
    const place = { host, port, user, tls, path: withDate(path, date), links };
    return ({ password, ca }) =>
      ftpSource({
        ...place,
        password,
        ...(ca === undefined ? {} : { ca }),
        ...(certificate === undefined ? {} : { certificate }),
      });
  },
};

/** For each file the server listens on a port of its choice, and tells the client. */
const DATA_PORTS = [1024, 65535] as const;
