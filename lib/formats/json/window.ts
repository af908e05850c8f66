import { Carry } from '../../core/records/carry.ts';

/** The part of a file that is being read. */
export interface Span {
  readonly bytes: Buffer;
  /** What stands before it was read. */
  at: number;
  /** Offset of the first of the bytes in the file. */
  readonly base: number;
  /** What that offset is in, for messages. */
  readonly whole: string;
  /** Nothing follows these bytes. */
  readonly isLast: boolean;
}

/** A file's bytes, as far as they came and were not read yet. */
export class Window implements Span {
  bytes: Buffer = Buffer.alloc(0);
  at = 0;
  base = 0;
  isLast = false;
  readonly whole: string;
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #unread = new Carry();

  constructor(chunks: AsyncIterable<Buffer>, whole: string) {
    this.whole = whole;
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Waits for as many bytes again as are not read yet: a record is read from its first byte each time, which so takes linear time. */
  async more(): Promise<void> {
    await this.fill(2 * (this.bytes.length - this.at) + 1);
  }

  /** Waits until so many bytes are not read yet, or all came. The bytes move to the front. */
  async fill(enough: number): Promise<void> {
    this.#unread.drop(this.at);
    this.base += this.at;
    this.at = 0;
    while (!this.isLast && this.#unread.bytes().length < enough) {
      const { value, done } = await this.#chunks.next();
      if (done) this.isLast = true;
      else this.#unread.append(value);
    }
    this.bytes = this.#unread.bytes();
  }
}
