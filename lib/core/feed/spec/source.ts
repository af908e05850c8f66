import { z } from 'zod';
import { dated, matching, secret } from '../values/text-forms.ts';
import { s3Source } from './s3-source.ts';

const ways =
  '`env:NAME` for an environment variable, `file:/path` for the content of a file, `secret:NAME` in AWS Secrets Manager (`secret:NAME#key` for one key of a JSON secret)';
const ofDate =
  '`{date}`, `{yyyymmdd}` and the other [forms of a date](sources.md#dates-in-names-and-paths) stand for the business date.';

const host = z.string().min(1).describe('Name or address of the server.');
const port = z.int().min(1).max(65535);
const password = secret.optional().describe(`Where the password is: ${ways}.`);

const links = z
  .enum(['follow', 'ignore'])
  .optional()
  .describe('`ignore`: a link is no file of the delivery. Without it a link is the file that it leads to.');

const ignoreCase = z
  .boolean()
  .optional()
  .describe(
    '`true`: upper and lower case are the same in the names of files, marker and manifest. Two names that differ in nothing else are then refused.',
  );

const folderSource = z.strictObject({
  folder: dated.min(1).describe(`Folder with the files, relative to the feed file. ${ofDate}`),
  links: z
    .enum(['follow', 'ignore'])
    .optional()
    .describe(
      '`ignore`: a link is no file of the delivery. Without it a link is the file that it leads to, within the folder or, with a date in `folder`, within what stands before it.',
    ),
  ignore_case: ignoreCase,
});

const ftpSource = z.strictObject({
  ftp: z
    .strictObject({
      host,
      port: port.default(21).describe('Port of the control connection.'),
      user: z.string().min(1).default('anonymous').describe('Login name.'),
      password,
      tls: z
        .enum(['none', 'explicit', 'implicit'])
        .default('none')
        .describe('`explicit` is AUTH TLS on the normal port; certificates are always verified.'),
      ca: secret
        .optional()
        .describe(
          "Where the certificate (PEM) of the authority is that signs the server's, if it is none of the public ones.",
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
    .describe('A folder on an FTP or FTPS server.'),
  ignore_case: ignoreCase,
});

const hostKey = matching(
  /^SHA256:[A-Za-z0-9+/]{43}$/,
  'expected a fingerprint such as SHA256:… with 43 characters, as `ssh-keygen -lf` prints it',
);

const sftpSource = z.strictObject({
  sftp: z
    .strictObject({
      host,
      port: port.default(22).describe('Port of the server.'),
      user: z.string().min(1).describe('Login name.'),
      password,
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
    .describe('A folder on an SFTP server.'),
  ignore_case: ignoreCase,
});

/** Where the vendor delivers: one schema for each kind. */
export const source = z
  .union([folderSource, ftpSource, sftpSource, s3Source(ofDate, ways, ignoreCase)], {
    error: 'expected folder, ftp, sftp or s3',
  })
  .describe('Where the vendor delivers: `folder`, `ftp`, `sftp` or `s3`.');
