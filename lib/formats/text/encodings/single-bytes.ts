import { isAscii } from 'node:buffer';
import { ByteTable } from './byte-table.ts';
import type { Decoder } from './decoder.ts';
import { oftenMeant } from './names.ts';
import { OddPlaces } from './odd-places.ts';
import { once } from './once.ts';
import { type SingleByteName, singleByteTables } from './tables/single-bytes.ts';

/** Encodings with a byte for each character. What is as in ASCII or Latin-1 goes the platform's way, which is the fastest. */
export class SingleBytes implements Decoder {
  readonly #table: ByteTable;
  readonly #odd: OddPlaces;
  /** Said where controls of ISO 6429 occur, which nobody writes. */
  readonly #controlsNote: string | undefined;
  #hasControls = false;
  /** How many bytes came before. */
  #before = 0;
  /** Where text is made before its length is known; what is given out has no more room than it needs. */
  #room: Buffer = Buffer.alloc(0);

  constructor(encoding: SingleByteName) {
    this.#table = tables[encoding]();
    this.#odd = new OddPlaces(encoding);
    const often = oftenMeant(encoding);
    if (this.#table.hasControls && often !== undefined)
      this.#controlsNote = `control characters 0x80 to 0x9F: the file may be ${often}`;
  }

  get notes(): string[] {
    return [...(this.#hasControls ? [this.#controlsNote!] : []), ...this.#odd.notes];
  }

  decode(bytes: Buffer): Buffer {
    const before = this.#before;
    this.#before += bytes.length;
    if (isAscii(bytes)) return bytes;
    if (this.#room.length < MOST * bytes.length) this.#room = Buffer.allocUnsafe(MOST * bytes.length);
    let length = 0;
    for (let at = 0; at < bytes.length; at += PIECE_BYTES)
      length = this.#write(bytes.subarray(at, at + PIECE_BYTES), length, before + at);
    return Buffer.from(this.#room.subarray(0, length));
  }

  finish(): void {}

  /** Writes bytes, which stand at `at` in the file. Answers where their text ends. */
  #write(bytes: Buffer, to: number, at: number): number {
    const room = this.#room;
    if (isAscii(bytes)) return to + bytes.copy(room, to);
    const latin1 = bytes.toString('latin1');
    const asLatin1 = to + room.write(latin1, to);
    // Only what Latin-1 has before C0 begins with C2 in UTF-8. One byte is found faster than one of many.
    const hasBeforeC0 = room.subarray(to, asLatin1).includes(0xc2);
    if (hasBeforeC0 && this.#controlsNote !== undefined) this.#hasControls ||= controls.test(latin1);
    if (this.#table.readsAsLatin1(latin1, hasBeforeC0)) return asLatin1;
    const { end, odd, firstOdd } = this.#table.write(bytes, room, to);
    if (odd > 0) this.#odd.add(bytes.subarray(firstOdd, firstOdd + 1), at + firstOdd, odd);
    return end;
  }
}

/** So many bytes go one way or the other together: a rare character costs the fast way only them. */
const PIECE_BYTES = 32 << 10;
/** A byte becomes at most so many. */
const MOST = 3;

const controls = /[\x80-\x9f]/;

const tables = Object.fromEntries(
  Object.entries(singleByteTables).map(([name, last]) => [name, once(() => new ByteTable(last))]),
) as Record<SingleByteName, () => ByteTable>;
