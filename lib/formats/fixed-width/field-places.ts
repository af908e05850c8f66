import type { Layout } from './layout.ts';

/** Where the fields of one record stand in bytes. */
export class FieldPlaces {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Bytes of all fields together, which may overlap. */
  size = 0;
  readonly #layout: Layout;
  /** Where each character of the record begins, and where the last one ends. */
  #characters = new Int32Array(256);

  constructor(layout: Layout) {
    this.#layout = layout;
    this.starts = new Int32Array(layout.names.length);
    this.ends = new Int32Array(layout.names.length);
  }

  /** Finds the fields, and answers with the length of the record. `isPlain`: each byte counts; otherwise each character of UTF-8. */
  locate(bytes: Buffer, from: number, to: number, isPlain: boolean): number {
    const { starts, ends } = this.#layout;
    const length = isPlain ? to - from : this.#count(bytes, from, to);
    const characters = this.#characters;
    this.size = 0;
    for (let index = 0; index < starts.length; index++) {
      const first = Math.min(starts[index]!, length);
      const last = Math.min(ends[index]!, length);
      const start = isPlain ? from + first : characters[first]!;
      const end = isPlain ? from + last : characters[last]!;
      this.starts[index] = start;
      this.ends[index] = end;
      this.size += end - start;
    }
    return length;
  }

  #count(bytes: Buffer, from: number, to: number): number {
    if (this.#characters.length <= to - from) this.#characters = new Int32Array(2 * (to - from));
    const characters = this.#characters;
    let count = 0;
    for (let at = from; at < to; at++) if ((bytes[at]! & 0xc0) !== 0x80) characters[count++] = at;
    characters[count] = to;
    return count;
  }
}
