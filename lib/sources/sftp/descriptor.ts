import { z } from 'zod';
import { withDate } from '../../core/feed/values/date-form.ts';
import { dated, matching, secret } from '../../core/feed/values/text-forms.ts';
import type { SourceKind } from '../../ports/source-kind.ts';
import { host, links, ofDate, port, secretWays } from '../common/options.ts';

const hostKey = matching(
  /^SHA256:[A-Za-z0-9+/]{43}$/,
  'expected a fingerprint such as SHA256:… with 43 characters, as `ssh-keygen -lf` prints it',
);

const server = z
  .strictObject({
    host,
    port: port.default(22).describe('Port of the server.'),
    user: z.string().min(1).describe('Login name.'),
    password: secret.optional().describe(`Where the password is: ${secretWays}.`),
    key: secret.optional().describe('Where the private key is, in the ways of `password`. Some servers want both.'),
    passphrase: secret.optional().describe('Where the passphrase of the private key is.'),
    host_key: z
      .union([hostKey, z.array(hostKey).min(1)], { error: 'expected one fingerprint SHA256:… or a list of them' })
      .describe(
        "Fingerprint of the server's key, or several: `ssh-keyscan HOST | ssh-keygen -lf -` prints one for each kind of key. Have the vendor confirm it.",
      ),
    path: dated
      .min(1)
      .default('.')
      .describe(`Folder on the server; relative ones start where the login starts. ${ofDate}`),
    links,
  })
  .refine(({ password, key }) => (password ?? key) !== undefined, { error: 'expected password or key, or both' })
  .refine(({ passphrase, key }) => passphrase === undefined || key !== undefined, {
    error: 'a passphrase is for a key; expected key too',
  })
  .describe('A folder on an SFTP server.');

const options = { sftp: server };

export const sftp: SourceKind<typeof options> = {
  name: 'sftp',
  options,
  ofUrl({ protocol, hostname, port, username }, { path, password, hostKey }) {
    if (protocol !== 'sftp:') return undefined;
    const login = { user: decodeURIComponent(username), password, host_key: hostKey };
    return { sftp: { host: hostname, ...(port === '' ? {} : { port: Number(port) }), ...login, path } };
  },
  reach: ({ sftp: { host, port } }) => ({ place: `${host}:${port}` }),
  cloud: ({ sftp: { host, port } }) => ({ listeners: [{ host, ports: [port, port] }] }),
  async open({ sftp: { host, port, user, path, host_key, links } }, { date }) {
    const { sftpSource } = await import('./sftp.ts');
    const hostKeys = typeof host_key === 'string' ? [host_key] : host_key;
    const place = { host, port, user, path: withDate(path, date), hostKeys, links };
    return ({ password, key, passphrase }) => sftpSource({ ...place, password, key, passphrase });
  },
};
