import type { FileParts } from '../../core/run/file-parts.ts';
import type { Store } from '../../ports/store.ts';
import { type DropsByPart, partBytes, tableParts, withoutRanges } from '../duckdb/part-files.ts';
import { transferredBuffers } from './transferred-buffers.ts';

/** All well-formed records of a table as one stream of bytes. A chunk is freed when the reader asks for the next but one. */
export async function* wellFormedBytes(
  store: Store,
  files: readonly FileParts[],
  drops: DropsByPart,
): AsyncGenerator<Uint8Array> {
  for (const [index, { part }] of tableParts(files).entries()) {
    const dropped = drops.get(index) ?? [];
    const bytes = partBytes(store, part);
    // Outermost, so that chunks are freed by what the reader of this stream asks for: a long dropped range removes whole chunks below.
    yield* transferredBuffers(dropped.length === 0 ? bytes : withoutRanges(dropped)(bytes));
  }
}

/** Number of well-formed records in such a stream. */
export function wellFormedRecords(files: readonly FileParts[], drops: DropsByPart): number {
  const dropped = [...drops.values()].reduce((sum, ranges) => sum + ranges.length, 0);
  return tableParts(files).reduce((sum, { part }) => sum + part.rows, 0) - dropped;
}

/** Turns ascending offsets in such a stream into places in landing. */
export class LandingPlaces {
  readonly #parts: { readonly bytes: number }[];
  readonly #drops: DropsByPart;
  #part = 0;
  /** Offset in the stream at which the current part starts. */
  #start = 0;
  #passed = 0;
  #passedBytes = 0;

  constructor(files: readonly FileParts[], drops: DropsByPart) {
    this.#parts = tableParts(files).map(({ part }) => part);
    this.#drops = drops;
  }

  find(streamOffset: number): { part: number; offset: number } {
    for (let size = this.#soundBytes(); streamOffset >= this.#start + size; size = this.#soundBytes()) {
      this.#start += size;
      this.#part += 1;
      this.#passed = 0;
      this.#passedBytes = 0;
    }
    const within = streamOffset - this.#start;
    const dropped = this.#drops.get(this.#part) ?? [];
    while (this.#passed < dropped.length && dropped[this.#passed]!.offset <= within + this.#passedBytes) {
      this.#passedBytes += dropped[this.#passed]!.length;
      this.#passed += 1;
    }
    return { part: this.#part, offset: within + this.#passedBytes };
  }

  #soundBytes(): number {
    const dropped = this.#drops.get(this.#part) ?? [];
    return this.#parts[this.#part]!.bytes - dropped.reduce((sum, range) => sum + range.length, 0);
  }
}
