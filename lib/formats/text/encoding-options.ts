import { z } from 'zod';
import type { FormatOf } from '../../core/feed/descriptors/format-descriptor.ts';
import { encodingLike, encodingNamed } from './encodings/named.ts';
import { encodingNames } from './encodings/names.ts';

const expected = 'expected the name of an encoding, of those in docs/encodings.md';

const encoding = z
  .string({ error: expected })
  .transform((text, context) => {
    const name = encodingNamed(text);
    if (name !== undefined) return name;
    context.addIssue({ code: 'custom', message: `${expected}${hintFor(text)}`, input: text });
    return z.NEVER;
  })
  .meta({ examples: encodingNames });

/** What every format of text says of its bytes. */
export const encodingOptions = {
  encoding: encoding
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

/** The same of text that is UTF-8 by its standard. Without an encoding nothing stands in the feed document, as in older ones. */
export const otherEncodingOptions = {
  ...encodingOptions,
  encoding: encoding
    .optional()
    .describe(
      'How text is stored, where the vendor does not write UTF-8 as the standard asks: [encodings](encodings.md), such as `utf-16`.',
    ),
};

export function withEncoding(format: FormatOf<typeof otherEncodingOptions>): TextFormat {
  return { ...format, encoding: format.encoding ?? 'utf-8' };
}

function hintFor(text: string): string {
  if (/ebcdic|^(ibm|cp)?[-_]?(0?37|273|277|278|280|284|285|297|500|871|1047|114\d)$/i.test(text))
    return '; EBCDIC is not read: have the file converted, such as with `iconv -f IBM037 -t UTF-8`';
  const like = /^ansi$/i.test(text) ? 'windows-1252' : encodingLike(text);
  return like === undefined ? '' : `; did you mean ${like}?`;
}
