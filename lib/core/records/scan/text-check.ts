import { isAscii, isUtf8 } from 'node:buffer';
import type { RecordEnd } from '../../run/file-parts.ts';
import type { RecordWalk } from '../record-walk.ts';
import type { RejectCode } from '../reject.ts';

export const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Finds faults in the characters of records. It examines whole blocks, because that costs next to nothing, and single
 * records only in blocks with a fault. Blocks end at line ends, so they never cut a character.
 */
export class TextCheck {
  /** U+FFFD occurs. */
  replacement = false;
  readonly #lineEnd: number;
  readonly #rejectControls: boolean;
  #checkedTo = 0;
  #suspect = false;

  constructor(recordEnd: RecordEnd, rejectControls: boolean) {
    this.#rejectControls = rejectControls;
    this.#lineEnd = recordEnd.charCodeAt(recordEnd.length - 1);
  }

  /** The fault of the record that the walk found last. Call it for every record that is not blank. */
  fault(walk: RecordWalk): RejectCode | undefined {
    if (walk.end > this.#checkedTo) this.#checkBlock(walk);
    return this.#suspect ? this.#faultOf(walk.bytes()) : undefined;
  }

  #faultOf(record: Buffer): RejectCode | undefined {
    if (record.includes(0)) return 'NUL_BYTE';
    if (!isUtf8(record)) return 'INVALID_UTF8';
    if (byteOrderMark.equals(record.subarray(0, byteOrderMark.length))) return 'BOM_INSIDE';
    return this.#rejectControls && hasControls(record) ? 'CONTROL_CHARACTER' : undefined;
  }

  #checkBlock(walk: RecordWalk): void {
    const block = walk.start < walk.base ? walk.bytes() : this.#block(walk);
    this.#checkedTo = walk.start + block.length;
    const ascii = isAscii(block);
    this.#suspect =
      block.includes(0) ||
      !(ascii || (isUtf8(block) && !block.includes(byteOrderMark))) ||
      (this.#rejectControls && hasControls(block));
    this.replacement ||= !ascii && block.includes(replacementCharacter);
  }

  #block(walk: RecordWalk): Buffer {
    const from = walk.start - walk.base;
    const lastLineEnd = walk.chunk.lastIndexOf(this.#lineEnd, from + BLOCK_BYTES);
    return walk.chunk.subarray(from, Math.max(lastLineEnd + 1, walk.end - walk.base));
  }
}

const BLOCK_BYTES = 65_536;
const replacementCharacter = Buffer.from([0xef, 0xbf, 0xbd]);

/** All control characters but tab and line ends, which a quoted field may hold. */
const hasControls = (bytes: Buffer) => /[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]/.test(bytes.toString('latin1'));
