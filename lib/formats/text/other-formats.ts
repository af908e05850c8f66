import { MAGIC_BYTES, otherFormat } from '../../core/archives/magic.ts';
import { NightfeedError } from '../../core/errors.ts';
import type { FeedFormat } from '../../core/feed/descriptors/format-descriptor.ts';

/** Refuses a file that its first MAGIC_BYTES show to be no text in UTF-8. Throws BAD_MAGIC and ENCODING. */
export function refuseOtherFormats(bytes: Buffer, format: FeedFormat): void {
  const mark = bytes.toString('hex', 0, 2);
  if (mark === 'fffe' || mark === 'feff') {
    throw new NightfeedError(
      'ENCODING',
      'the file starts with the byte order mark of UTF-16 or UTF-32; expected UTF-8',
    );
  }
  refuseBinary(bytes, format);
  // There is neither a byte order mark nor a header that would show the encoding.
  if (bytes.subarray(0, MAGIC_BYTES).filter((byte) => byte === 0).length < UTF16_ZEROS) return;
  throw new NightfeedError('ENCODING', 'the file starts like UTF-16 or UTF-32 without a byte order mark');
}

/** Refuses what is no text in any encoding. Throws BAD_MAGIC. */
export function refuseBinary(bytes: Buffer, { type }: FeedFormat): void {
  const found = otherFormat(bytes);
  if (found)
    throw new NightfeedError('BAD_MAGIC', `the file starts like ${found}; expected ${type.toUpperCase()} text`);
}

/** So many NUL bytes among the first MAGIC_BYTES mean UTF-16 or UTF-32: ASCII text in UTF-16 has five. A stray NUL comes alone. */
const UTF16_ZEROS = 4;
