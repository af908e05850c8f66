import { NightfeedError } from '../../../core/errors.ts';
import type { Decoder } from './decoder.ts';

/** UTF-16. Without a declared byte order it is that of the byte order mark, else that of an ASCII character's zero byte. */
export class Utf16 implements Decoder {
  readonly notes: readonly string[] = [];
  readonly #declared: 'le' | 'be' | undefined;
  #isBigEndian: boolean;
  /** Held back: half of a code unit, or the first half of a surrogate pair. */
  #rest: Buffer = Buffer.alloc(0);

  constructor(declared?: 'le' | 'be') {
    this.#declared = declared;
    this.#isBigEndian = declared === 'be';
  }

  begin(start: Buffer): void {
    const mark = start.toString('hex', 0, 2);
    const isBig = mark === 'feff' || (start[0] === 0 && start[1] !== 0);
    const isLittle = mark === 'fffe' || (start[0] !== 0 && start[1] === 0);
    if (this.#declared === undefined && !isBig && !isLittle)
      throw new NightfeedError('ENCODING', 'the file does not start like UTF-16');
    if (this.#declared === undefined) this.#isBigEndian = isBig;
    else this.#refuseOtherOrder(start, this.#declared);
  }

  decode(bytes: Buffer): Buffer {
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    let end = all.length - (all.length % 2);
    if (end > 0 && (all[this.#isBigEndian ? end - 2 : end - 1]! & 0xfc) === 0xd8) end -= 2;
    this.#rest = Buffer.from(all.subarray(end));
    const units = Buffer.from(all.subarray(0, end));
    return utf8((this.#isBigEndian ? units.swap16() : units).toString('utf16le'));
  }

  finish(): void {
    if (this.#rest.length > 0)
      throw new NightfeedError('ENCODING', 'the file ends within a UTF-16 character; it may have been cut');
  }

  /** ASCII in the other order has its zero bytes in the other places; few texts begin with four such characters of their own. */
  #refuseOtherOrder(start: Buffer, declared: 'le' | 'be'): void {
    const zeros = (parity: number) => start.filter((byte, index) => byte === 0 && index % 2 === parity).length;
    const [own, other] = declared === 'le' ? [zeros(1), zeros(0)] : [zeros(0), zeros(1)];
    if (own > 0 || other < OTHER_ORDER) return;
    const found = declared === 'le' ? 'UTF-16BE' : 'UTF-16LE';
    throw new NightfeedError('ENCODING', `the file starts like ${found}; expected utf-16${declared}`);
  }
}

/** Encodes a lone surrogate as bytes that are not UTF-8, so that the scan rejects the record; Buffer would write U+FFFD. */
function utf8(text: string): Buffer {
  if (text.isWellFormed()) return Buffer.from(text);
  const pieces = text.split(/(\p{Surrogate})/u);
  return Buffer.concat(pieces.map((piece, index) => (index % 2 === 0 ? Buffer.from(piece) : loneHalf(piece))));
}

function loneHalf(half: string): Buffer {
  const unit = half.charCodeAt(0);
  return Buffer.from([0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f)]);
}

const OTHER_ORDER = 4;
