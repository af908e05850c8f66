import { z } from 'zod';

/** Descriptions of options that several kinds of source have. */
export const secretWays =
  '`env:NAME` for an environment variable, `file:/path` for the content of a file, `secret:NAME` in AWS Secrets Manager (`secret:NAME#key` for one key of a JSON secret)';

export const ofDate =
  '`{date}`, `{yyyymmdd}` and the other [forms of a date](sources.md#dates-in-names-and-paths) stand for the business date.';

export const host = z.string().min(1).describe('Name or address of the server.');

export const port = z.int().min(1).max(65535);

export const links = z
  .enum(['follow', 'ignore'])
  .optional()
  .describe('`ignore`: links are left out. Without it a link counts as the file that it leads to.');
