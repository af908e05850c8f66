import { isAscii } from 'node:buffer';
import { MAGIC_BYTES } from '../../core/archives/magic.ts';
import { NightfeedError } from '../../core/errors.ts';
import type { TextFormat } from './encoding-options.ts';
import { refuseBinary } from './other-formats.ts';
import type { Transform } from './transform.ts';
import { Utf8Watch } from './utf8-watch.ts';

/** Converts the declared encoding to UTF-8; undefined when it is UTF-8 already. Throws BAD_MAGIC and ENCODING. */
export function transcoding(format: TextFormat): Transform | undefined {
  const { encoding, allow_valid_utf8 } = format;
  if (encoding === 'utf-8') return undefined;
  const decoder = encoding === 'utf-16' ? new Utf16() : new SingleBytes(encoding, allow_valid_utf8 === true);
  return new Transcoding(decoder, format);
}

interface Decoder {
  readonly notes: string[];
  /** The file's first bytes. */
  begin(start: Buffer): void;
  decode(bytes: Buffer): string;
  finish(): void;
}

class Transcoding implements Transform {
  readonly #decoder: Decoder;
  readonly #format: TextFormat;
  /** The first bytes, until there are enough to tell the encoding. */
  #start: Buffer | undefined = Buffer.alloc(0);

  constructor(decoder: Decoder, format: TextFormat) {
    this.#decoder = decoder;
    this.#format = format;
  }

  get notes(): string[] {
    return this.#decoder.notes;
  }

  push(chunk: Buffer): Buffer {
    if (this.#start === undefined) return utf8(this.#decoder.decode(chunk));
    this.#start = Buffer.concat([this.#start, chunk]);
    return this.#start.length < MAGIC_BYTES ? Buffer.alloc(0) : this.#begin();
  }

  finish(): Buffer {
    const rest = this.#begin();
    this.#decoder.finish();
    return rest;
  }

  #begin(): Buffer {
    const start = this.#start;
    this.#start = undefined;
    if (start === undefined || start.length === 0) return Buffer.alloc(0);
    refuseBinary(start, this.#format);
    this.#decoder.begin(start);
    return utf8(this.#decoder.decode(start));
  }
}

class SingleBytes implements Decoder {
  readonly notes: string[] = [];
  readonly #encoding: 'latin-1' | 'windows-1252';
  readonly #watch: Utf8Watch | undefined;

  constructor(encoding: 'latin-1' | 'windows-1252', mayBeUtf8: boolean) {
    this.#encoding = encoding;
    this.#watch = mayBeUtf8 ? undefined : new Utf8Watch();
  }

  begin(start: Buffer): void {
    const marks = { fffe: 'UTF-16', feff: 'UTF-16', efbb: 'UTF-8' } as const;
    const found = marks[start.toString('hex', 0, 2) as keyof typeof marks];
    if (found) throw new NightfeedError('ENCODING', `the file starts like ${found}; expected ${this.#encoding}`);
  }

  decode(bytes: Buffer): string {
    this.#watch?.push(bytes);
    const text = bytes.toString('latin1');
    if (isAscii(bytes) || !upperControls.test(text)) return text;
    if (this.#encoding === 'windows-1252')
      return text.replaceAll(new RegExp(upperControls, 'g'), (byte) => windows1252[byte.charCodeAt(0) - 0x80]!);
    if (this.notes.length === 0) this.notes.push('control characters 0x80 to 0x9F: the file may be windows-1252');
    return text;
  }

  finish(): void {
    if (this.#watch?.isUtf8 !== true) return;
    const message = `the file is valid UTF-8 with characters beyond ASCII; expected ${this.#encoding}`;
    throw new NightfeedError('ENCODING', message, {
      hint: `Production is untouched. Set \`format.encoding: utf-8\`; if it is ${this.#encoding} for all that, \`format.allow_valid_utf8: true\` reads it so.`,
    });
  }
}

class Utf16 implements Decoder {
  readonly notes: string[] = [];
  #isBigEndian = false;
  /** Held back: half of a code unit, or the first half of a surrogate pair. */
  #rest: Buffer = Buffer.alloc(0);

  /** Finds the byte order: by the byte order mark, else by the zero byte of an ASCII character. */
  begin(start: Buffer): void {
    const mark = start.toString('hex', 0, 2);
    this.#isBigEndian = mark === 'feff' || (start[0] === 0 && start[1] !== 0);
    if (mark === 'fffe' || this.#isBigEndian || (start[0] !== 0 && start[1] === 0)) return;
    throw new NightfeedError('ENCODING', 'the file does not start like UTF-16');
  }

  decode(bytes: Buffer): string {
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    let end = all.length - (all.length % 2);
    if (end > 0 && (all[this.#isBigEndian ? end - 2 : end - 1]! & 0xfc) === 0xd8) end -= 2;
    this.#rest = Buffer.from(all.subarray(end));
    const units = Buffer.from(all.subarray(0, end));
    return (this.#isBigEndian ? units.swap16() : units).toString('utf16le');
  }

  finish(): void {
    if (this.#rest.length > 0)
      throw new NightfeedError('ENCODING', 'the file ends within a UTF-16 character; it may have been cut');
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

const upperControls = /[\x80-\x9f]/;
/** The characters 0x80 to 0x9F, from the WHATWG's encoding standard. Five bytes have no character and stay as they are. */
const windows1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';
