import { MORE, RecordEndFinder } from '../../core/records/record-end.ts';
import type { RecordSyntax } from '../../core/records/record-syntax.ts';
import { byteOrderMark } from '../../core/records/scan/text-check.ts';
import type { Transform } from './transform.ts';

/** Adds a missing record end after the last record, when something else proves that the file is whole. */
export class FinalEnd implements Transform {
  readonly notes: string[] = [];
  readonly #finder: RecordEndFinder;
  readonly #proof: () => string | undefined;
  /** The record end of the first record; its second byte may still come. */
  #end: number[] = [];
  #isEndWhole = false;
  /** The first bytes of the file, as long as they may be a byte order mark. */
  #start: Buffer = Buffer.alloc(0);

  /** `proof` is called when the whole file has come, and answers what proves it whole. */
  constructor(dialect: RecordSyntax, proof: () => string | undefined) {
    this.#proof = proof;
    this.#finder = new RecordEndFinder(dialect, 'any');
  }

  push(chunk: Buffer): Buffer {
    if (this.#start.length <= byteOrderMark.length)
      this.#start = Buffer.concat([this.#start, chunk.subarray(0, byteOrderMark.length + 1)]);
    for (let at = 0; at < chunk.length; ) {
      if (this.#end.length === 1 && !this.#isEndWhole) this.#complete(chunk[at]!);
      const found = this.#finder.find(chunk, at);
      if (found === MORE) break;
      if (this.#end.length === 0) this.#end.push(chunk[found - 1]!);
      at = found;
    }
    return chunk;
  }

  finish(): Buffer {
    const proof = this.#proof();
    const isEnded = !this.#finder.midRecord || this.#finder.insideQuotes || byteOrderMark.equals(this.#start);
    if (isEnded || proof === undefined) return Buffer.alloc(0);
    this.notes.push(`no final line end; ${proof} proves the file whole`);
    return Buffer.from(this.#end.length === 0 ? [LF] : this.#end);
  }

  #complete(next: number): void {
    if (this.#end[0] === CR && next === LF) this.#end.push(LF);
    this.#isEndWhole = true;
  }
}

const LF = 10;
const CR = 13;
