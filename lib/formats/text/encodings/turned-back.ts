import { isAscii } from 'node:buffer';
import { ByteTable } from './byte-table.ts';
import { once } from './once.ts';
import { type SingleByteName, singleByteTables } from './tables/single-bytes.ts';

/** Whether text that was decoded tells its bytes: each byte of such an encoding becomes something else. */
export function isTurnedBack(encoding: string): encoding is SingleByteName {
  return Object.hasOwn(singleByteTables, encoding);
}

/** What a decoder made of a file, as the bytes of the file again. */
export class TurnedBack {
  readonly #bytes: ReadonlyMap<number, number>;
  /** The start of a character whose end is in the next chunk. */
  #held: Buffer = Buffer.alloc(0);

  constructor(encoding: SingleByteName) {
    this.#bytes = tables[encoding]();
  }

  /** Text that no byte becomes is damage: it turns into bytes that are not those of the file. */
  push(chunk: Buffer): Buffer {
    if (this.#held.length === 0 && isAscii(chunk)) return chunk;
    const text = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const bytes = Buffer.allocUnsafe(text.length);
    let length = 0;
    let at = 0;
    while (at < text.length) {
      const first = text[at]!;
      const end = at + lengthOf(first);
      if (end > text.length) break;
      bytes[length++] = first < 0x80 ? first : (this.#bytes.get(text.readUIntBE(at, end - at)) ?? DAMAGE);
      at = end;
    }
    this.#held = Buffer.from(text.subarray(at));
    return bytes.subarray(0, length);
  }
}

/** Of a character in UTF-8 that one byte became, or of the mark of a byte that the encoding does not have. */
function lengthOf(first: number): number {
  return first < 0x80 ? 1 : first >= 0xe0 && first < 0xf0 ? 3 : 2;
}

const DAMAGE = 0x3f;

const tables = Object.fromEntries(
  Object.entries(singleByteTables).map(([name, last]) => [name, once(() => inverse(new ByteTable(last)))]),
) as Record<SingleByteName, () => ReadonlyMap<number, number>>;

function inverse(table: ByteTable): ReadonlyMap<number, number> {
  const text = Buffer.alloc(8);
  return new Map(
    Array.from({ length: 0x80 }, (_, index) => {
      const byte = 0x80 + index;
      const { end } = table.write(Buffer.of(byte), text, 0);
      return [text.readUIntBE(0, end), byte];
    }),
  );
}
