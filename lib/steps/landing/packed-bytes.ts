import { createHash } from 'node:crypto';
import { isPacked } from '../../core/run/run-files.ts';

export function packedBytesOf(
  file: { readonly name: string; readonly size: number },
  chunks: AsyncIterable<Buffer>,
): PackedBytes | undefined {
  return isPacked(file.name) ? new PackedBytes(file, chunks) : undefined;
}

/** The bytes of a file on their way from the source, hashed where they are packed: those of other files are hashed as they land. */
class PackedBytes {
  readonly #chunks: AsyncIterable<Buffer>;
  readonly #size: number;
  readonly #hash = createHash('sha256');
  #length = 0;

  constructor(file: { readonly size: number }, chunks: AsyncIterable<Buffer>) {
    this.#chunks = chunks;
    this.#size = file.size;
  }

  async *bytes(): AsyncGenerator<Buffer> {
    for await (const chunk of this.#chunks) {
      this.#hash.update(chunk);
      this.#length += chunk.length;
      yield chunk;
    }
  }

  /** Called once; undefined when not all of its bytes were asked for. */
  sha256(): string | undefined {
    return this.#length === this.#size ? this.#hash.digest('hex') : undefined;
  }
}
