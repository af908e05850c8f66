import { z } from 'zod';
import type { FormatOf } from '../../core/feed/descriptors/format-descriptor.ts';

const path = z
  .array(z.union([z.string().min(1), z.int().min(0)]), { error: 'expected a path such as [address, city]' })
  .min(2, 'expected a path such as [address, city]');

/** How values of a Parquet file become fields. */
export const parquetOptions = {
  fields: z
    .record(z.string(), path)
    .optional()
    .describe(
      'Columns that lie within others, by the name under which the table has them, such as `{city: [address, city], tag: [tags, 0]}`: names lead into a struct, numbers from 0 into a list. A null on the way is null.',
    ),
  unmarked_times: z
    .enum(['utc', 'local'])
    .optional()
    .describe(
      'What timestamps mean that do not say whether they are UTC: those stored as INT96, and those of old writers. `utc`: instants, for columns of type `timestamptz`; Spark writes these. `local`: times of a place, for `timestamp`; Hive and Impala write these. Without it such columns are refused.',
    ),
  doubles_as_digits: z
    .boolean()
    .optional()
    .describe(
      'true: a FLOAT or DOUBLE is read as its shortest digits by integers and decimals, so that `7.0` is the integer 7 and `12.5` the decimal 12.50; what does not fit is rejected. Otherwise such columns are refused: pandas makes doubles of integers with nulls.',
    ),
  binary_as_text: z
    .boolean()
    .optional()
    .describe(
      'true: bytes that the file does not call text are read as UTF-8, as some old writers mean them. Otherwise such columns are refused.',
    ),
  require_checksums: z
    .boolean()
    .optional()
    .describe(
      'true: a file of which a page has no checksum is refused. Without checksums a flipped bit may become another value.',
    ),
};

export type ParquetFormat = FormatOf<typeof parquetOptions>;
