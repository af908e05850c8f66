import type { Dialect } from './dialect.ts';
import { MORE, RecordEndFinder } from './record-end.ts';
import type { Stage } from './stage.ts';

/** Ends every record that ends with CRLF with LF instead; line ends within quotes stay. A lone CR stays and is the scan's. */
export class UnmixedEnds implements Stage {
  readonly #finder: RecordEndFinder;
  #crlf = false;
  #lf = false;
  /** The chunk before ended with a CR that ends a record. */
  #pending = false;

  constructor(dialect: Dialect) {
    this.#finder = new RecordEndFinder(dialect, 'any');
  }

  get notes(): string[] {
    return this.#crlf && this.#lf ? ['records end with LF and with CRLF'] : [];
  }

  push(chunk: Buffer): Buffer {
    const out = Buffer.allocUnsafe(chunk.length + 1);
    let filled = 0;
    let from = 0;
    if (this.#pending && chunk.length > 0) {
      this.#pending = false;
      if (chunk[0] === LF) this.#crlf = true;
      else out[filled++] = CR;
      if (chunk[0] === LF) {
        out[filled++] = LF;
        from = 1;
      }
    }
    for (let at = from; at < chunk.length; ) {
      const end = this.#finder.find(chunk, at);
      if (end === MORE) break;
      at = end;
      if (chunk[end - 1] === LF) {
        this.#lf = true;
        continue;
      }
      if (end < chunk.length && chunk[end] !== LF) continue;
      filled += chunk.copy(out, filled, from, end - 1);
      if (end === chunk.length) this.#pending = true;
      else {
        this.#crlf = true;
        out[filled++] = LF;
        at = end + 1;
      }
      from = at;
    }
    filled += chunk.copy(out, filled, from);
    return out.subarray(0, filled);
  }

  finish(): Buffer {
    return this.#pending ? Buffer.of(CR) : Buffer.alloc(0);
  }
}

const LF = 10;
const CR = 13;
