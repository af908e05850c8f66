import { z } from 'zod';
import { secret } from '../text-forms.ts';

const folderSource = z.strictObject({
  folder: z
    .string()
    .min(1)
    .describe(
      'Folder with the files, relative to the feed file. `{date}` and `{yyyymmdd}` stand for the business date.',
    ),
});

const ftpSource = z.strictObject({
  ftp: z
    .strictObject({
      host: z.string().min(1).describe('Name or address of the server.'),
      port: z.int().min(1).max(65535).default(21).describe('Port of the control connection.'),
      user: z.string().min(1).default('anonymous').describe('Login name.'),
      password: secret
        .optional()
        .describe(
          'Where the password is: `env:NAME` for an environment variable, `file:/path` for the content of a file, `secret:NAME` in AWS Secrets Manager (`secret:NAME#key` for one key of a JSON secret).',
        ),
      tls: z
        .enum(['none', 'explicit', 'implicit'])
        .default('none')
        .describe('`explicit` is AUTH TLS on the normal port; certificates are always verified.'),
      path: z
        .string()
        .min(1)
        .default('/')
        .describe('Folder on the server. `{date}` and `{yyyymmdd}` stand for the business date.'),
    })
    .describe('A folder on an FTP or FTPS server.'),
});

/** Where the vendor delivers: one schema for each kind. */
export const source = z
  .union([folderSource, ftpSource], { error: 'expected folder or ftp' })
  .describe('Where the vendor delivers: `folder` or `ftp`.');
