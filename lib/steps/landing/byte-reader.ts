/** Takes bytes from chunks of any size. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #ended: () => Error;
  #rest: Buffer = Buffer.alloc(0);

  /** `ended` is thrown where bytes are missing. */
  constructor(chunks: AsyncIterable<Buffer>, ended: () => Error) {
    this.#chunks = chunks[Symbol.asyncIterator]();
    this.#ended = ended;
  }

  /** Exactly so many. */
  async take(length: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for (let missing = length; missing > 0; ) {
      const piece = await this.some(missing);
      pieces.push(piece);
      missing -= piece.length;
    }
    return pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
  }

  /** At least one, as many as are at hand and not more than `most`. */
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
    }
    return true;
  }

  /** Puts back what was taken too much. */
  unread(bytes: Buffer): void {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([bytes, this.#rest]);
  }
}
