import { isAscii } from 'node:buffer';
import type { CharacterReader } from './multi-bytes.ts';
import { readPairs } from './pairs.ts';
import { jisX0208 } from './tables/jis-x-0208.ts';
import { jisX0212 } from './tables/jis-x-0212.ts';
import { tableOf } from './tables/rows.ts';
import type { Utf8Text } from './utf8-text.ts';

/** EUC-JP: JIS X 0208 in two bytes, half-width katakana behind 8E, JIS X 0212 behind 8F. */
export class EucJp implements CharacterReader {
  readonly #pairs = tableOf([jisX0208], withHighBits);
  readonly #behind8f = tableOf([jisX0212], withHighBits);

  constructor() {
    for (let byte = 0xa1; byte <= 0xdf; byte++) this.#pairs[(KATAKANA << 8) | byte] = halfWidthKatakana(byte);
  }

  isPlain(bytes: Buffer): boolean {
    return isAscii(bytes);
  }

  read(bytes: Buffer, at: number, text: Utf8Text): number {
    const lead = bytes[at]!;
    if (lead < 0x80) return text.putAscii(bytes, at);
    if (lead !== THREE_BYTES) return readPairs(this.#pairs, bytes, at, text);
    const second = bytes[at + 1];
    const third = bytes[at + 2];
    if (second === undefined) return 0;
    if (second < 0x80) {
      text.putOdd(bytes.subarray(at, at + 1));
      return 1;
    }
    if (third === undefined) return 0;
    const code = this.#behind8f[(second << 8) | third]!;
    const length = code === 0 && third < 0x80 ? 2 : 3;
    if (code === 0) text.putOdd(bytes.subarray(at, at + length));
    else text.put(code);
    return length;
  }
}

export function halfWidthKatakana(byte: number): number {
  return byte - 0xa1 + 0xff61;
}

function withHighBits(code: number): number {
  return code | 0x8080;
}

const KATAKANA = 0x8e;
const THREE_BYTES = 0x8f;
