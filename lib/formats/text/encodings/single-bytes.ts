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
    const at = this.#before;
    this.#before += bytes.length;
    if (isAscii(bytes)) return bytes;
    const latin1 = bytes.toString('latin1');
    if (this.#controlsNote !== undefined) this.#hasControls ||= controls.test(latin1);
    if (this.#table.readsAsLatin1(latin1)) return Buffer.from(latin1);
    const { text, odd, firstOdd } = this.#table.utf8(bytes);
    if (odd > 0) this.#odd.add(bytes.subarray(firstOdd, firstOdd + 1), at + firstOdd, odd);
    return text;
  }

  finish(): void {}
}

const controls = /[\x80-\x9f]/;

const tables = Object.fromEntries(
  Object.entries(singleByteTables).map(([name, last]) => [name, once(() => new ByteTable(last))]),
) as Record<SingleByteName, () => ByteTable>;
