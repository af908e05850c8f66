import { NightfeedError } from '../../core/errors.ts';
import { MORE, RecordEndFinder } from '../../core/records/record-end.ts';
import type { RecordSyntax } from '../../core/records/record-syntax.ts';
import type { Trail } from './trail.ts';
import type { Transform } from './transform.ts';

/**
 * Replaces CRLF at the end of a record with LF; line ends within quotes stay. A file in which every record ends with CR passes unchanged.
 * Throws MIXED_EOL where CR is mixed with other ends.
 */
export class UnmixedEnds implements Transform {
  readonly #finder: RecordEndFinder;
  readonly #seen = { lf: false, crlf: false, cr: false };
  /** The previous chunk ended with a CR that ends a record. */
  #pending = false;
  readonly #trail: Trail | undefined;
  /** Bytes that came, and that were given out. */
  #came = 0;
  #given = 0;

  constructor(dialect: RecordSyntax, trail?: Trail) {
    this.#trail = trail;
    this.#finder = new RecordEndFinder(dialect, 'any');
  }

  get notes(): string[] {
    return this.#seen.lf && this.#seen.crlf ? ['records end with LF and with CRLF'] : [];
  }

  get hasShortened(): boolean {
    return this.#seen.crlf;
  }

  push(chunk: Buffer): Buffer {
    if (chunk.length === 0) return chunk;
    const out = Buffer.allocUnsafe(chunk.length + 1);
    let from = 0;
    let filled = 0;
    if (this.#pending) {
      from = chunk[0] === LF ? 1 : 0;
      out[filled++] = this.#see(from === 1 ? 'crlf' : 'cr');
      this.#trail?.mark(this.#given + filled, this.#came + from);
      this.#pending = false;
    }
    for (let at = from; at < chunk.length; ) {
      const end = this.#finder.find(chunk, at);
      if (end === MORE) break;
      at = end;
      if (chunk[end - 1] === LF) this.#see('lf');
      else if (end < chunk.length && chunk[end] !== LF) this.#see('cr');
      else {
        filled += chunk.copy(out, filled, from, end - 1);
        this.#pending = end === chunk.length;
        if (!this.#pending) out[filled++] = this.#see('crlf');
        from = at = end + 1;
        if (!this.#pending) this.#trail?.mark(this.#given + filled, this.#came + from);
      }
    }
    filled += chunk.copy(out, filled, Math.min(from, chunk.length));
    this.#came += chunk.length;
    this.#given += filled;
    return out.subarray(0, filled);
  }

  finish(): Buffer {
    return this.#pending ? Buffer.of(this.#see('cr')) : Buffer.alloc(0);
  }

  #see(end: 'lf' | 'crlf' | 'cr'): number {
    const { lf, crlf, cr } = Object.assign(this.#seen, { [end]: true });
    if (cr && (lf || crlf)) throw new NightfeedError('MIXED_EOL', 'some records end with CR alone, others do not');
    return end === 'cr' ? CR : LF;
  }
}

const LF = 10;
const CR = 13;
