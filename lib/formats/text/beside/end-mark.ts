import { isLineEnd } from '../../../core/records/lines.ts';
import type { Transform } from '../transform.ts';

/**
 * Removes the end mark of DOS (^Z) at the end of a file, after all bytes or as a last line of its own. A ^Z anywhere else is text.
 */
export class EndMark implements Transform {
  readonly notes: string[] = [];
  /** The mark, and bytes after it that may be its line end. */
  #held: Buffer = Buffer.alloc(0);
  #isLineStart = true;

  push(chunk: Buffer): Buffer {
    const data = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    let at = data.length;
    while (at > 0 && data.length - at < MAX_END && isLineEnd(data[at - 1])) at--;
    const isHeld = at > 0 && data[at - 1] === MARK;
    const out = isHeld ? data.subarray(0, at - 1) : data;
    this.#held = isHeld ? Buffer.from(data.subarray(at - 1)) : Buffer.alloc(0);
    if (out.length > 0) this.#isLineStart = isLineEnd(out.at(-1));
    return out;
  }

  finish(): Buffer {
    const held = this.#held;
    const lineEnd = held.toString('latin1', 1);
    const isMark = lineEnd === '' || (this.#isLineStart && ['\n', '\r\n', '\r'].includes(lineEnd));
    if (held.length === 0 || !isMark) return held;
    this.notes.push('an end mark (^Z) at the end');
    return Buffer.alloc(0);
  }
}

const MARK = 0x1a;
/** CRLF. */
const MAX_END = 2;
