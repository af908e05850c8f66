import { isUtf8 } from 'node:buffer';
import { NightfeedError } from '../../core/errors.ts';
import { MAX_RECORD_BYTES } from '../../core/records/record-walk.ts';
import type { RecordEnd } from '../../core/run/file-parts.ts';

/** Finds one record after the other in bytes. */
export interface RecordPlaces {
  /** Of the record that was found last: behind its content, and behind its end. */
  readonly to: number;
  readonly next: number;
  /** Called before the first `find` in bytes of which more came. */
  look(bytes: Buffer): void;
  /** Whether a whole record begins here. `isLast`: no more bytes come. */
  find(bytes: Buffer, from: number, isLast: boolean): boolean;
}

/** Records that are lines. Throws MIXED_EOL and RECORD_TOO_LONG. */
export class LinePlaces implements RecordPlaces {
  to = 0;
  next = 0;
  readonly #end: RecordEnd;
  readonly #last: number;
  readonly #other: number;
  #mayBeMixed = false;

  constructor(end: RecordEnd) {
    this.#end = end;
    this.#last = end === '\r' ? CR : LF;
    this.#other = end === '\n' ? CR : LF;
  }

  look(bytes: Buffer): void {
    this.#mayBeMixed = this.#end === '\r\n' || bytes.includes(this.#other);
  }

  find(bytes: Buffer, from: number): boolean {
    const at = bytes.indexOf(this.#last, from);
    if ((at < 0 ? bytes.length : at) - from > MAX_RECORD_BYTES)
      throw new NightfeedError('RECORD_TOO_LONG', `a record is longer than the allowed ${MAX_RECORD_BYTES} bytes`);
    if (at < 0) return false;
    this.next = at + 1;
    this.to = this.#end === '\r\n' ? at - 1 : at;
    if (this.#mayBeMixed) this.#check(bytes, from, at);
    return true;
  }

  #check(bytes: Buffer, from: number, at: number): void {
    const odd =
      this.#end === '\r\n' ? bytes.indexOf(CR, from) !== at - 1 : bytes.subarray(from, at).includes(this.#other);
    if (odd || this.to < from)
      throw new NightfeedError('MIXED_EOL', `a line does not end with ${endNames[this.#end]} as the first one does`);
  }
}

const LF = 10;
const CR = 13;
const endNames: Record<RecordEnd, string> = { '\n': 'LF', '\r\n': 'CRLF', '\r': 'CR' };

/** Records of so many bytes each. */
export class BytePlaces implements RecordPlaces {
  to = 0;
  next = 0;
  readonly #length: number;

  constructor(length: number) {
    this.#length = length;
  }

  look(): void {}

  find(bytes: Buffer, from: number): boolean {
    this.to = this.next = from + this.#length;
    return this.next <= bytes.length;
  }
}

/** Records of so many characters of UTF-8 each. Throws ENCODING: behind bytes that are no characters nobody knows where a record begins. */
export class CharacterPlaces implements RecordPlaces {
  to = 0;
  next = 0;
  readonly #length: number;

  constructor(length: number) {
    this.#length = length;
  }

  look(): void {}

  /** A character ends where the next one begins, or the file ends. */
  find(bytes: Buffer, from: number, isLast: boolean): boolean {
    let at = from;
    for (let left = this.#length; at < bytes.length; at++) if ((bytes[at]! & 0xc0) !== 0x80 && left-- === 0) break;
    if (at === bytes.length && !(isLast && countOf(bytes, from) === this.#length)) return false;
    this.to = this.next = at;
    if (isUtf8(bytes.subarray(from, at))) return true;
    const message = 'a record holds bytes that are no characters, so that nobody knows where the next one begins';
    throw new NightfeedError('ENCODING', message);
  }
}

function countOf(bytes: Buffer, from: number): number {
  let count = 0;
  for (let at = from; at < bytes.length; at++) if ((bytes[at]! & 0xc0) !== 0x80) count += 1;
  return count;
}
