import { z } from 'zod';
import type { FormatOf } from '../../core/feed/descriptors/format-descriptor.ts';

/** What every format of text says of its bytes. */
export const encodingOptions = {
  encoding: z
    .enum(['utf-8', 'utf-16', 'latin-1', 'windows-1252'])
    .default('utf-8')
    .describe('How text is stored; a file in another encoding is refused. `utf-16` needs no byte order mark.'),
  allow_valid_utf8: z
    .boolean()
    .optional()
    .describe(
      'true: a file that is declared as `latin-1` or `windows-1252` is read so although it is valid UTF-8 with characters beyond ASCII. Otherwise it is refused: the vendor has changed the encoding.',
    ),
};

export type TextFormat = FormatOf<typeof encodingOptions>;
