import { closeSync, openSync, readSync, writeSync } from 'node:fs';

const BLOCK_BYTES = 1 << 20;
const OFFSET_BYTES = 8;

/** The unmatched records of one side in a file, written in large blocks, and the place of each in its stream. */
export class UnmatchedFile {
  readonly path: string;
  records = 0;
  bytes = 0;
  readonly #recordEndBytes: number;
  readonly #content: BlockWriter;
  readonly #offsets: BlockWriter;

  constructor(path: string, recordEndBytes: number) {
    this.path = path;
    this.#recordEndBytes = recordEndBytes;
    this.#content = new BlockWriter(path);
    this.#offsets = new BlockWriter(`${path}.offsets`);
  }

  /** Adds records, without blank lines. */
  add(bytes: Buffer, from: number, to: number, offset: number): void {
    this.bytes += to - from;
    if (to - from === this.#recordEndBytes) return;
    this.records += 1;
    this.#content.reserve(to - from).set(bytes.subarray(from, to));
    this.#offsets.reserve(OFFSET_BYTES).writeDoubleLE(offset);
  }

  finish(): void {
    this.#content.close();
    this.#offsets.close();
  }

  /** How many of its records are before an offset in the stream. */
  recordsBefore(offset: number): number {
    let [from, to] = [0, this.records];
    while (from < to) {
      const middle = (from + to) >> 1;
      if (this.offsetOf(middle) < offset) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  /** The offset in the stream of the record with this number in the file. */
  offsetOf(record: number): number {
    const found = Buffer.alloc(OFFSET_BYTES);
    const file = openSync(`${this.path}.offsets`, 'r');
    try {
      readSync(file, found, 0, OFFSET_BYTES, record * OFFSET_BYTES);
    } finally {
      closeSync(file);
    }
    return found.readDoubleLE();
  }
}

class BlockWriter {
  readonly #file: number;
  #block = Buffer.allocUnsafe(BLOCK_BYTES);
  #filled = 0;

  constructor(path: string) {
    this.#file = openSync(path, 'w');
  }

  /** A buffer for so many bytes, which the caller has to fill before the next call. */
  reserve(size: number): Buffer {
    if (this.#filled + size > this.#block.length) {
      this.#flush();
      if (size > this.#block.length) this.#block = Buffer.allocUnsafe(size);
    }
    this.#filled += size;
    return this.#block.subarray(this.#filled - size, this.#filled);
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #flush(): void {
    writeSync(this.#file, this.#block, 0, this.#filled);
    this.#filled = 0;
  }
}
