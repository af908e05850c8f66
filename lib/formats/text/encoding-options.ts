import { z } from 'zod';
import type { FormatOf } from '../../core/feed/descriptors/format-descriptor.ts';
import { encodingLike, encodingNamed } from './encodings/named.ts';
import { encodingNames } from './encodings/names.ts';

const expected = 'expected the name of an encoding, of those in docs/encodings.md';

/** What every format of text says of its bytes. */
export const encodingOptions = {
  encoding: z
    .string({ error: expected })
    .transform((text, context) => {
      const name = encodingNamed(text);
      if (name !== undefined) return name;
      const like = encodingLike(text);
      const message = like === undefined ? expected : `${expected}; did you mean ${like}?`;
      context.addIssue({ code: 'custom', message, input: text });
      return z.NEVER;
    })
    .meta({ examples: encodingNames })
    .prefault('utf-8')
    .describe(
      'How text is stored; a file in another encoding is refused, or its records are rejected. Names and what they mean: [encodings](encodings.md). `utf-16` and `utf-32` need no byte order mark.',
    ),
  allow_valid_utf8: z
    .boolean()
    .optional()
    .describe(
      'true: a file that is declared in another encoding, such as `latin-1`, is read so although it is UTF-8: its characters beyond ASCII are valid UTF-8, at least two for each other byte. Otherwise it is refused: the vendor has changed the encoding.',
    ),
};

export type TextFormat = FormatOf<typeof encodingOptions>;
