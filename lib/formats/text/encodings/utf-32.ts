import { NightfeedError } from '../../../core/errors.ts';
import type { Decoder } from './decoder.ts';
import type { EncodingName } from './names.ts';
import { OddPlaces } from './odd-places.ts';
import { Utf8Text } from './utf8-text.ts';

/** UTF-32. Without a declared byte order it is that of the byte order mark, else that of an ASCII character's zero bytes. */
export class Utf32 implements Decoder {
  readonly #odd: OddPlaces;
  readonly #declared: 'le' | 'be' | undefined;
  #isBigEndian: boolean;
  #held: Buffer = Buffer.alloc(0);
  #before = 0;

  constructor(encoding: EncodingName, declared?: 'le' | 'be') {
    this.#odd = new OddPlaces(encoding);
    this.#declared = declared;
    this.#isBigEndian = declared === 'be';
  }

  get notes(): string[] {
    return this.#odd.notes;
  }

  /** In either order a character has a zero byte: none is beyond U+10FFFF. */
  begin(start: Buffer): void {
    const isBig = start[0] === 0;
    const isLittle = start.length < 4 || start[3] === 0;
    if (this.#declared === undefined && isBig !== isLittle) this.#isBigEndian = isBig;
    else if (!(this.#declared === 'be' ? isBig : isLittle) || this.#declared === undefined)
      throw new NightfeedError(
        'ENCODING',
        `the file does not start like UTF-32${(this.#declared ?? '').toUpperCase()}`,
      );
  }

  decode(chunk: Buffer): Buffer {
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const end = bytes.length - (bytes.length % 4);
    const text = new Utf8Text(end * 2);
    for (let at = 0; at < end; at += 4) {
      const code = this.#isBigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at);
      if (code <= 0x10ffff && (code & 0xfffff800) !== 0xd800) text.put(code);
      else {
        text.putOdd(bytes.subarray(at, at + 4));
        this.#odd.add(bytes.subarray(at, at + 4), this.#before + at);
      }
    }
    this.#before += end;
    this.#held = Buffer.from(bytes.subarray(end));
    return text.bytes;
  }

  finish(): void {
    if (this.#held.length > 0)
      throw new NightfeedError('ENCODING', 'the file ends within a UTF-32 character; it may have been cut');
  }
}
