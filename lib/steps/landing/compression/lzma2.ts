import { Lzma } from '../../../core/archives/xz/lzma.ts';
import { Malformed } from '../../../core/archives/xz/range-decoder.ts';
import { Window } from '../../../core/archives/xz/window.ts';
import type { ByteReader } from '../byte-reader.ts';

/** Unpacks the chunks of a block: LZMA, or bytes as they are. It keeps its memory from one block to the next. */
export class Lzma2 {
  readonly #input: ByteReader;
  readonly #window = new Window();
  readonly #lzma = new Lzma(this.#window);

  constructor(input: ByteReader) {
    this.#input = input;
  }

  /** The bytes of a block that may repeat what is so far back. Throws Malformed. */
  async *block(windowBytes: number): AsyncGenerator<Buffer> {
    const [input, window] = [this.#input, this.#window];
    window.open(windowBytes);
    let [needsReset, needsProperties] = [true, true];
    for (;;) {
      const control = (await input.take(1))[0]!;
      if (control === END) return;
      if (control === RESET || control >= RESET_ALL) {
        window.forget();
        [needsReset, needsProperties] = [false, true];
      }
      if (needsReset) throw new Malformed('it repeats what was never there');
      if (control > AS_IS && control < PACKED) throw new Malformed(`it has a chunk of the unknown kind ${control}`);
      const length = (await input.take(2)).readUInt16BE() + 1 + (control >= PACKED ? (control & 0x1f) * 0x10000 : 0);
      window.prepare(length);
      const before = window.at;
      if (control >= PACKED) {
        await this.#unpack(control, length, needsProperties);
        needsProperties = false;
      } else window.at += (await input.take(length)).copy(window.bytes, window.at);
      yield Buffer.from(window.bytes.subarray(before, window.at));
    }
  }

  async #unpack(control: number, unpacked: number, needsProperties: boolean): Promise<void> {
    const packed = (await this.#input.take(2)).readUInt16BE() + 1;
    if (control >= NEW_PROPERTIES) this.#lzma.configure((await this.#input.take(1))[0]!);
    else if (needsProperties) throw new Malformed('it has no properties');
    else if (control >= NEW_STATE) this.#lzma.reset();
    this.#lzma.unpack(await this.#input.take(packed), unpacked);
  }
}

/** What a chunk begins with. */
const END = 0x00;
const RESET = 0x01;
const AS_IS = 0x02;
const PACKED = 0x80;
const NEW_STATE = 0xa0;
const NEW_PROPERTIES = 0xc0;
const RESET_ALL = 0xe0;
