/** Reads bytes from chunks of any size. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #ended: () => Error;
  #rest: Buffer = Buffer.alloc(0);
  #came = 0;

  /** `ended` makes the error that is thrown when bytes are missing. */
  constructor(chunks: AsyncIterable<Buffer>, ended: () => Error) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#ended = ended;
  }

  /** Number of bytes that were read. */
  get position(): number {
    return this.#came - this.#rest.length;
  }

  /** Reads exactly so many bytes. */
  async take(length: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for (let missing = length; missing > 0; ) {
      const piece = await this.some(missing);
      pieces.push(piece);
      missing -= piece.length;
    }
    return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
  }

  /** Reads so many bytes, or all there are. */
  async upTo(length: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for (let missing = length; missing > 0 && (await this.more()); ) {
      const piece = await this.some(missing);
      pieces.push(piece);
      missing -= piece.length;
    }
    return Buffer.concat(pieces);
  }

  /** Reads the bytes that are available: at least one and at most `most`. */
  async some(most: number): Promise<Buffer> {
    if (!(await this.more())) throw this.#ended();
    const taken = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(taken.length);
    return taken;
  }

  async more(): Promise<boolean> {
    while (this.#rest.length === 0) {
      const { value, done } = await this.#chunks.next();
      if (done) return false;
      this.#rest = value;
      this.#came += value.length;
    }
    return true;
  }

  /** Puts back bytes that were read too far. */
  unread(bytes: Buffer): void {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([bytes, this.#rest]);
  }
}
