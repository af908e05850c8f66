import { Carry } from '../../../core/records/carry.ts';
import { contentEnd } from '../../../core/records/fields.ts';
import { MORE, RecordEndFinder } from '../../../core/records/record-end.ts';
import type { RecordSyntax } from '../../../core/records/record-syntax.ts';
import { MAX_RECORD_BYTES } from '../../../core/records/record-walk.ts';
import type { Trail } from '../trail.ts';
import type { Transform } from '../transform.ts';
import type { CommentRows } from './comment-rows.ts';

interface CommentOptions {
  /** The first record is a header. */
  readonly headed: boolean;
  /** Looks at each comment. */
  readonly rows?: CommentRows | undefined;
  readonly trail?: Trail | undefined;
}

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

  readonly #options: CommentOptions;
  /** The comment that is being left out, as long as it is no longer than a record. */
  readonly #line = new Carry();
  /** A record stood before. */
  #follows = false;

  constructor(dialect: RecordSyntax, opening: string, options: CommentOptions) {
    this.#options = options;
    this.#finder = new RecordEndFinder(dialect, 'any');
    this.#opening = Buffer.from(opening);
    this.#trail = options.trail;
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
    if (this.#isInside) this.#tell();
    return this.#held;
  }

  #leave(bytes: Buffer): Buffer {
    const kept: Buffer[] = [];
    let from = 0;
    let leftOut = 0;
    for (let at = 0; at < bytes.length; ) {
      if (this.#isInside) {
        from = this.#leaveLine(bytes, at);
        if (this.#line.bytes().length <= MAX_RECORD_BYTES) this.#line.append(bytes.subarray(at, from));
        if (!this.#isInside) this.#tell();
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
      this.#follows ||= end !== MORE;
      at = end === MORE ? bytes.length : end;
    }
    if (from === 0 && kept.length === 0) return bytes;
    kept.push(bytes.subarray(from));
    return Buffer.concat(kept);
  }

  /** A comment before the header is no row. */
  #tell(): void {
    const line = this.#line.bytes();
    if (line.length <= MAX_RECORD_BYTES && (this.#follows || !this.#options.headed))
      this.#options.rows?.see(line.subarray(0, contentEnd(line)));
    this.#line.drop(line.length);
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
