import type { Dialect } from './dialect.ts';
import { MORE, RecordEndFinder } from './record-end.ts';
import type { Stage } from './stage.ts';

/** Gives the last record its end where it lacks one. Only for files of which something else proves that they are whole. */
export class FinalEnd implements Stage {
  readonly notes: string[] = [];
  readonly #finder: RecordEndFinder;
  /** Of the first record; its second byte may still come. */
  #end: number[] = [];
  #isEndWhole = false;

  constructor(dialect: Dialect) {
    this.#finder = new RecordEndFinder(dialect, 'any');
  }

  push(chunk: Buffer): Buffer {
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
    if (!this.#finder.midRecord || this.#finder.insideQuotes || this.#end.length === 0) return Buffer.alloc(0);
    this.notes.push('no final line end; the manifest proves the file whole');
    return Buffer.from(this.#end);
  }

  #complete(next: number): void {
    if (this.#end[0] === CR && next === LF) this.#end.push(LF);
    this.#isEndWhole = true;
  }
}

const LF = 10;
const CR = 13;
