import { z } from 'zod';
import type { FormatOf } from '../../core/feed/descriptors/format-descriptor.ts';
import { encodingOptions } from '../text/encoding-options.ts';

export const sqlOptions = {
  table: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Which table of the dump is read, with or without its schema. Without it a dump of several tables is refused.',
    ),
  dialect: z
    .enum(['mysql', 'postgres'])
    .optional()
    .describe(
      'How strings and comments are written: as mysqldump and mariadb-dump do, or as pg_dump does. Without it the first comment of the dump says so.',
    ),
  columns: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe(
      'Names of the columns in their order, for a dump whose INSERT statements name none and that has no CREATE TABLE.',
    ),
  allow_missing_end: z
    .boolean()
    .optional()
    .describe(
      'true: the comment that such a dump ends with may be missing. Without it a dump that was cut between two statements is refused.',
    ),
  ...encodingOptions,
};

export type SqlFormat = FormatOf<typeof sqlOptions>;
export type Dialect = NonNullable<SqlFormat['dialect']>;
