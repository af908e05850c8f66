import { MORE, RecordEndFinder, WRONG_END } from '../../core/records/record-end.ts';
import type { RecordSyntax } from '../../core/records/record-syntax.ts';
import type { RecordEnd } from '../../core/run/file-parts.ts';
import type { Trail } from '../text/trail.ts';
import type { Transform } from '../text/transform.ts';

export interface FilledShape {
  readonly dialect: RecordSyntax;
  readonly recordEnd: RecordEnd;
  /** Fields of a whole record, and the fewest that a short one has. */
  readonly fields: number;
  readonly fewest: number;
}

/** Gives short records the fields that they lack, empty. Blank lines, and records with a quoting fault, pass as they are. */
export class FilledRecords implements Transform {
  readonly #shape: FilledShape;
  readonly #finder: RecordEndFinder;
  /** Bytes of the record that is being read. */
  #length = 0;
  /** A record end's first byte, whose second may be in the next chunk. */
  #held: Buffer = Buffer.alloc(0);
  #count = 0;
  readonly #trail: Trail | undefined;
  /** Bytes that came and are not held, and bytes that were given out. */
  #came = 0;
  #given = 0;

  constructor(shape: FilledShape, trail?: Trail) {
    this.#trail = trail;
    this.#shape = shape;
    this.#finder = new RecordEndFinder(shape.dialect, shape.recordEnd);
  }

  get notes(): string[] {
    return this.#count === 0 ? [] : [`${this.#count} record(s) with fewer fields`];
  }

  get areThere(): boolean {
    return this.#count > 0;
  }

  push(chunk: Buffer): Buffer {
    const { recordEnd } = this.#shape;
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const fresh = this.#held.length;
    const filled: Buffer[] = [];
    let from = 0;
    let put = 0;
    for (let at = fresh; at < bytes.length; ) {
      const end = this.#finder.find(bytes, at);
      // The scan refuses a file with such an end.
      if (end === WRONG_END) break;
      if (end === MORE) {
        this.#length += bytes.length - at;
        break;
      }
      const content = end - recordEnd.length;
      const isBlank = this.#length + end - at === recordEnd.length;
      const lacking = isBlank ? 0 : this.#lacking();
      if (lacking > 0) {
        filled.push(bytes.subarray(from, content), Buffer.alloc(lacking, this.#shape.dialect.delimiter));
        from = content;
        put += lacking;
        this.#trail?.mark(this.#given + from + put, this.#came + from);
        this.#count += 1;
      }
      this.#length = 0;
      at = end;
    }
    const holds = recordEnd === '\r\n' && bytes.at(-1) === CR;
    const to = holds ? bytes.length - 1 : bytes.length;
    this.#held = Buffer.from(bytes.subarray(to));
    filled.push(bytes.subarray(from, to));
    const out = filled.length === 1 ? filled[0]! : Buffer.concat(filled);
    this.#came += to;
    this.#given += out.length;
    return out;
  }

  finish(): Buffer {
    return this.#held;
  }

  #lacking(): number {
    const { fields, fewest } = this.#shape;
    const { fields: found, misquoted } = this.#finder;
    return misquoted || found < fewest ? 0 : Math.max(0, fields - found);
  }
}

const CR = 13;
