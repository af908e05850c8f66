import { MAGIC_BYTES, otherFormat } from '../../../core/archives/magic.ts';
import { MAX_FILES } from '../../../core/delivery/source-file.ts';
import { NightfeedError } from '../../../core/errors.ts';
import { excerpt } from '../../../core/shown-text.ts';

/** What was met in an archive, by name; for each of its files what is known of it. */
export class Entries<Facts> {
  readonly #found = new Map<string, Facts | undefined>();

  /** Throws ARCHIVE_SHAPE for a name that was there before, or for one too many. */
  begin(name: string): void {
    if (this.#found.has(name))
      throw new NightfeedError('ARCHIVE_SHAPE', `${excerpt(name)} is twice in the archive; expected each name once`);
    if (this.#found.size === MAX_FILES)
      throw new NightfeedError('ARCHIVE_SHAPE', `more than ${MAX_FILES} entries in the archive`);
    this.#found.set(name, undefined);
  }

  end(name: string, facts: Facts): void {
    this.#found.set(name, facts);
  }

  get(name: string): Facts | undefined {
    return this.#found.get(name);
  }

  get size(): number {
    return this.#found.size;
  }
}

/** Passes a member's bytes on. Throws ARCHIVE_SHAPE when they are packed themselves: an archive in an archive. */
export async function* notPacked(name: string, bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let start: Buffer = Buffer.alloc(0);
  for await (const chunk of bytes) {
    if (start.length < MAGIC_BYTES) {
      start = Buffer.concat([start, chunk.subarray(0, MAGIC_BYTES)]);
      refusePacked(name, start);
    }
    yield chunk;
  }
}

function refusePacked(name: string, start: Buffer): void {
  const nested = otherFormat(start);
  const isOffice = nested?.includes('Office') === true && OFFICE.test(name);
  if (nested === undefined || isOffice || !PACKED.test(nested)) return;
  throw new NightfeedError(
    'ARCHIVE_SHAPE',
    `${excerpt(name)} in the archive is ${nested} itself; expected plain files`,
  );
}

const PACKED = /ZIP|gzip|zstd|xz|bzip2/;
const OFFICE = /\.(xls|ods)[a-z]?$/i;
