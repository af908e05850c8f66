import { MORE, RecordEndFinder } from '../../../core/records/record-end.ts';
import type { RecordSyntax } from '../../../core/records/record-syntax.ts';
import type { Trail } from '../trail.ts';
import type { Transform } from '../transform.ts';

/** Leaves out the lines between records that begin as comments do. Within a quoted field such a line is text. */
export class Comments implements Transform {
  readonly #finder: RecordEndFinder;
  readonly #opening: Buffer;
  readonly #trail: Trail | undefined;
  /** Bytes at a line's start that may become the opening of a comment. */
  #held: Buffer = Buffer.alloc(0);
  #isInside = false;
  /** The comment's line has ended with a CR, to which an LF may still belong. */
  #hasCr = false;
  #count = 0;
  /** Bytes that came, without those that are held, and bytes that were kept. */
  #came = 0;
  #kept = 0;

  constructor(dialect: RecordSyntax, opening: string, trail?: Trail) {
    this.#finder = new RecordEndFinder(dialect, 'any');
    this.#opening = Buffer.from(opening);
    this.#trail = trail;
  }

  get notes(): string[] {
    return this.#count === 0 ? [] : [`${this.#count} comment line(s) left out`];
  }

  get areThere(): boolean {
    return this.#count > 0;
  }

  push(chunk: Buffer): Buffer {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    this.#held = Buffer.alloc(0);
    const kept = this.#leave(bytes);
    this.#came += bytes.length - this.#held.length;
    this.#kept += kept.length;
    return kept;
  }

  finish(): Buffer {
    return this.#held;
  }

  #leave(bytes: Buffer): Buffer {
    const kept: Buffer[] = [];
    let from = 0;
    let leftOut = 0;
    for (let at = 0; at < bytes.length; ) {
      if (this.#isInside) {
        from = this.#leaveLine(bytes, at);
        leftOut += from - at;
        at = from;
        this.#trail?.mark(this.#kept + from - leftOut, this.#came + from);
        continue;
      }
      if (!this.#finder.midRecord) {
        const opening = bytes.subarray(at, at + this.#opening.length);
        const begins = opening.equals(this.#opening.subarray(0, opening.length));
        if (begins && opening.length < this.#opening.length) {
          kept.push(bytes.subarray(from, at));
          this.#held = Buffer.from(opening);
          return Buffer.concat(kept);
        }
        if (begins) {
          kept.push(bytes.subarray(from, at));
          this.#count += 1;
          this.#isInside = true;
          continue;
        }
      }
      const end = this.#finder.find(bytes, at);
      at = end === MORE ? bytes.length : end;
    }
    if (from === 0 && kept.length === 0) return bytes;
    kept.push(bytes.subarray(from));
    return Buffer.concat(kept);
  }

  /** Where the line of a comment ends among these bytes, or these do. */
  #leaveLine(bytes: Buffer, from: number): number {
    let at = from;
    if (!this.#hasCr) {
      while (at < bytes.length && bytes[at] !== LF && bytes[at] !== CR) at++;
      if (at === bytes.length) return at;
      this.#hasCr = bytes[at++] === CR;
    }
    if (this.#hasCr && at === bytes.length) return at;
    if (this.#hasCr && bytes[at] === LF) at++;
    this.#isInside = this.#hasCr = false;
    return at;
  }
}

const LF = 10;
const CR = 13;
