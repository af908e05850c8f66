/** Writes `convertedText` from bytes, without a detour over strings. Each part that it gives is a buffer of its own. */
export class RecordWriter {
  #bytes: Buffer = empty;
  #length = 0;
  /** Room that the part before took: the next one takes about as much. */
  #usual = 0;
  #isFieldNext = false;
  #recordStart = 0;

  /** Makes room for so many bytes of fields, which may all be quotes, in so many fields. */
  reserve(bytes: number, fields: number): void {
    const needed = this.#length + 2 * bytes + 3 * fields + 1;
    if (needed <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#bytes.length, this.#usual));
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }

  null(): void {
    this.#begin();
  }

  /** A text that is not null; an empty one too. */
  field(from: Uint8Array, start: number, end: number): void {
    this.#begin();
    const to = this.#bytes;
    const first = this.#length;
    let at = first;
    let kinds = start === end ? QUOTED : 0;
    for (let index = start; index < end; index++) {
      const byte = from[index]!;
      kinds |= kindOf[byte]!;
      to[at++] = byte;
    }
    this.#length = at;
    if (kinds !== 0) this.#quote(from, start, end, first);
  }

  /** A record that could not be converted, as it came: one field in quotes. */
  quoted(from: Uint8Array, start: number, end: number): void {
    this.#begin();
    this.#quote(from, start, end, this.#length);
  }

  endRecord(): void {
    this.#bytes[this.#length++] = LF;
    this.#isFieldNext = false;
    this.#recordStart = this.#length;
  }

  /** Takes back the fields since the last end of a record. */
  dropRecord(): void {
    this.#isFieldNext = false;
    this.#length = this.#recordStart;
  }

  /** What was written since the last call. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#length);
    this.#bytes = empty;
    if (taken.length > 0) this.#usual = taken.length + (taken.length >> 3);
    this.#length = this.#recordStart = 0;
    return taken;
  }

  #begin(): void {
    if (this.#isFieldNext) this.#bytes[this.#length++] = COMMA;
    this.#isFieldNext = true;
  }

  /** Writes the field again, in quotes. */
  #quote(from: Uint8Array, start: number, end: number, first: number): void {
    const to = this.#bytes;
    let at = first;
    to[at++] = QUOTE;
    for (let index = start; index < end; index++) {
      const byte = from[index]!;
      if (byte === QUOTE) to[at++] = QUOTE;
      to[at++] = byte;
    }
    to[at++] = QUOTE;
    this.#length = at;
  }
}

const empty = Buffer.alloc(0);
const LF = 10;
const CR = 13;
const COMMA = 0x2c;
const QUOTE = 0x22;

const QUOTED = 1;
/** What makes quotes necessary. A byte order mark that begins a file would be taken off. */
const kindOf = new Uint8Array(256);
for (const byte of [LF, CR, COMMA, QUOTE, 0xef]) kindOf[byte] = QUOTED;
