import { isUtf8 } from 'node:buffer';
import { Tail } from '../../records/tail.ts';
import { wholeCharacters } from './encoding.ts';

/** How a text ends. */
export interface TextEnd {
  /** Lines that are not empty. */
  readonly lines: number;
  /** The last of them, and the one before; empty where they are not there. */
  readonly last: string;
  readonly before: string;
  /** A line end stands behind the last line. */
  readonly isEnded: boolean;
}

/** What only all bytes of a text tell, however many they are: whether they are UTF-8, and how they end. */
export class TextSurvey {
  isUtf8 = true;
  /** Some bytes mean nothing in windows-1252. */
  hasUnassigned = false;
  /** Of UTF-16, whose line ends are no bytes. */
  readonly #wide: InstanceType<typeof TextDecoder> | undefined;
  readonly #tail = new Tail(TAIL_BYTES);
  #lines = 0;
  #isWithinLine = false;
  /** The beginning of a character that the next bytes end. */
  #cut: Buffer = Buffer.alloc(0);

  constructor(wide?: 'utf-16le' | 'utf-16be') {
    this.#wide = wide && new TextDecoder(wide);
  }

  push(chunk: Buffer): void {
    const bytes = this.#wide ? Buffer.from(this.#wide.decode(chunk, { stream: true })) : chunk;
    this.#check(bytes);
    this.hasUnassigned ||= UNASSIGNED.some((byte) => bytes.includes(byte));
    this.#count(bytes);
    this.#tail.push(bytes);
  }

  /** `encoding` is that of the bytes, unless they are UTF-16. */
  end(encoding: string): TextEnd {
    const text = new TextDecoder(this.#wide ? 'utf-8' : encoding).decode(this.#tail.bytes());
    const [last = '', before = ''] = text
      .split(/\r\n|\n|\r/)
      .filter((line) => line !== '')
      .slice(-2)
      .reverse();
    return { lines: this.#lines, last, before, isEnded: /[\r\n]$/.test(text) };
  }

  #check(bytes: Buffer): void {
    if (!this.isUtf8) return;
    const begun = this.#cut.length > 0 ? Buffer.concat([this.#cut, bytes]) : bytes;
    const whole = wholeCharacters(begun);
    this.isUtf8 = isUtf8(whole);
    this.#cut = Buffer.from(begun.subarray(whole.length));
  }

  #count(bytes: Buffer): void {
    let isWithin = this.#isWithinLine;
    for (const byte of bytes) {
      const isEnd = byte === LF || byte === CR;
      if (!isEnd && !isWithin) this.#lines += 1;
      isWithin = !isEnd;
    }
    this.#isWithinLine = isWithin;
  }
}

const UNASSIGNED = [0x81, 0x8d, 0x8f, 0x90, 0x9d];

/** The last two records, of which each has two megabytes at most. */
const TAIL_BYTES = 4_200_000;

const LF = 10;
const CR = 13;
