import { MAGIC_BYTES, otherFormat } from '../../core/archives/magic.ts';
import { NightfeedError } from '../../core/errors.ts';
import type { FeedFormat } from '../../core/feed/descriptors/format-descriptor.ts';
import type { TextFormat } from './encoding-options.ts';
import { markedEncoding } from './encodings/marks.ts';
import type { EncodingName } from './encodings/names.ts';

/** Refuses a file that the first MAGIC_BYTES of its decoded text show to be none in this encoding. Throws BAD_MAGIC and ENCODING. */
export function refuseOtherFormats(bytes: Buffer, format: TextFormat): void {
  if (format.encoding === 'utf-8') refuseOtherMarks(bytes, format.encoding);
  refuseBinary(bytes, format);
  // There is neither a byte order mark nor a header that would show the encoding.
  if (bytes.subarray(0, MAGIC_BYTES).filter((byte) => byte === 0).length < UTF16_ZEROS) return;
  throw new NightfeedError('ENCODING', 'the file starts like UTF-16 or UTF-32 without a byte order mark');
}

/** Refuses what is no text in any encoding. Throws BAD_MAGIC. */
export function refuseBinary(bytes: Buffer, { type }: FeedFormat): void {
  const found = otherFormat(bytes);
  if (!found) return;
  throw new NightfeedError('BAD_MAGIC', `the file starts like ${found}; expected ${type.toUpperCase()} text`);
}

/** Refuses a file with the byte order mark of another encoding. Throws ENCODING. */
export function refuseOtherMarks(start: Buffer, encoding: EncodingName): void {
  const found = markedEncoding(start);
  // The mark of utf-16le is one of utf-16, too.
  if (found === undefined || found.startsWith(encoding)) return;
  const right = found.replace(/[lb]e$/, '');
  throw new NightfeedError('ENCODING', `the file starts with the byte order mark of ${found}; expected ${encoding}`, {
    hint: `Production is untouched. Set \`format.encoding: ${right}\`, or ask the vendor for ${encoding}.`,
  });
}

/** So many NUL bytes among the first MAGIC_BYTES mean UTF-16 or UTF-32: ASCII text in UTF-16 has five. A stray NUL comes alone. */
const UTF16_ZEROS = 4;
