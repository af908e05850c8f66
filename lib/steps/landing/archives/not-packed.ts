import { otherFormat } from '../../../core/archives/magic.ts';
import { isUstar, TAR_BLOCK } from '../../../core/archives/tar-header.ts';
import { NightfeedError } from '../../../core/errors.ts';
import { excerpt } from '../../../core/shown-text.ts';

/** Passes a member's bytes on. Throws ARCHIVE_SHAPE when they are packed themselves: an archive in an archive. */
export function notPacked(name: string, bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  return afterStart(bytes, (start) => {
    const nested = isUstar(start) ? 'a tar archive' : otherFormat(start);
    const isOffice = nested?.includes('Office') === true && OFFICE.test(name);
    if (nested === undefined || isOffice || !PACKED.test(nested)) return;
    const message = `${excerpt(name)} in the archive is ${nested} itself; expected plain files`;
    throw new NightfeedError('ARCHIVE_SHAPE', message);
  });
}

const PACKED = /ZIP|gzip|zstd|xz|bzip2|tar/;
const OFFICE = /\.(xls|ods)[a-z]?$/i;

/** Passes the bytes of a file on that is no archive by its name. Throws BAD_MAGIC when it is a tar archive. */
export function notTar(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  return afterStart(bytes, (start) => {
    if (!isUstar(start)) return;
    throw new NightfeedError('BAD_MAGIC', 'the content is a tar archive, and the name does not say so', {
      hint: 'Production is untouched. Ask the vendor for a name that ends in .tar, .tar.gz or the like; then `files` can say which members make a table.',
    });
  });
}

async function* afterStart(bytes: AsyncIterable<Buffer>, judge: (start: Buffer) => void): AsyncGenerator<Buffer> {
  let start: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of bytes) {
    if (start === undefined) {
      yield chunk;
      continue;
    }
    start = start.length === 0 ? chunk : Buffer.concat([start, chunk]);
    if (start.length < TAR_BLOCK) continue;
    judge(start);
    yield start;
    start = undefined;
  }
  if (start === undefined) return;
  judge(start);
  if (start.length > 0) yield start;
}
