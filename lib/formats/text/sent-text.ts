import type { RecordPlace } from '../../core/records/record-place.ts';
import type { TextFormat } from './encoding-options.ts';
import type { Decoder } from './encodings/decoder.ts';
import { decoderOf } from './encodings/decoder-of.ts';
import type { Transform } from './transform.ts';

/** Finds bytes of a file's text among the bytes that the vendor sent, and their lines. It is asked in ascending order, and keeps only what came last. */
export class SentText implements Transform {
  readonly notes: readonly string[] = [];
  /** Decodes once more what was decoded, up to the byte that is looked for. */
  readonly #decoder: Decoder | undefined;
  readonly #chunks: Chunk[] = [];
  /** Where the first chunk begins: in what was sent, in the text, and how many lines end before it. */
  #sentAt = 0;
  #textAt = 0;
  #lines = 0;
  /** Of the first chunk: bytes that were decoded once more, and the length of their text. */
  #again = 0;
  #made = 0;
  /** Lines end as the first one does. */
  #lineEnd: number | undefined;
  #endsWithCr = false;
  /** Bytes of all chunks. */
  #kept = 0;

  constructor({ encoding }: Pick<TextFormat, 'encoding'>) {
    this.#decoder = encoding === 'utf-8' ? undefined : decoderOf(encoding);
  }

  /** The bytes of a file that are text as they were sent. */
  push(chunk: Buffer): Buffer {
    this.see(chunk, chunk);
    return chunk;
  }

  finish(): Buffer {
    return Buffer.alloc(0);
  }

  begin(start: Buffer): void {
    this.#decoder?.begin?.(start);
  }

  see(sent: Buffer, text: Buffer): void {
    this.#chunks.push({ sent, text });
    this.#kept += sent.length + text.length;
    while (this.#kept > MOST_KEPT) this.#forget(this.#chunks[0]!);
    if (this.#lineEnd === undefined && text.length > 0) this.#lookForLineEnd(text);
  }

  /** A byte of the text that has come; undefined when so much came behind it that it was forgotten. */
  placeOf(at: number): Pick<RecordPlace, 'line' | 'byte'> | undefined {
    if (at < this.#textAt) return undefined;
    this.#pass(at);
    const within = at - this.#textAt;
    const { text, sent } = this.#chunks[0] ?? NOTHING;
    const line = this.#lines + this.#linesIn(text.subarray(0, within)) + 1;
    const byte = this.#sentAt + (this.#decoder ? this.#decodeUpTo(within, sent, this.#decoder) : within);
    return { line, byte };
  }

  #pass(at: number): void {
    for (let first = this.#chunks[0]; first && this.#textAt + first.text.length < at; first = this.#chunks[0])
      this.#forget(first);
  }

  #forget({ sent, text }: Chunk): void {
    this.#decoder?.decode(sent.subarray(this.#again));
    this.#lines += this.#linesIn(text);
    this.#sentAt += sent.length;
    this.#textAt += text.length;
    this.#kept -= sent.length + text.length;
    this.#again = this.#made = 0;
    this.#chunks.shift();
  }

  /** The fewest of the chunk's bytes that have so much text. */
  #decodeUpTo(length: number, sent: Buffer, decoder: Decoder): number {
    while (this.#made < length && this.#again < sent.length) {
      const step = Math.max(1, Math.floor((length - this.#made) / MOST_GROWTH) - MOST_HELD);
      this.#made += decoder.decode(sent.subarray(this.#again, this.#again + step)).length;
      this.#again += step;
    }
    return this.#again;
  }

  #linesIn(text: Buffer): number {
    if (this.#lineEnd === undefined) return 0;
    let count = 0;
    for (let at = text.indexOf(this.#lineEnd); at >= 0; at = text.indexOf(this.#lineEnd, at + 1)) count += 1;
    return count;
  }

  #lookForLineEnd(text: Buffer): void {
    const at = this.#endsWithCr ? -1 : text.findIndex((byte) => byte === LF || byte === CR);
    if (at < 0 && !this.#endsWithCr) return;
    const next = text[at + 1];
    if (text[at] === LF || next === LF) this.#lineEnd = LF;
    else if (next === undefined) this.#endsWithCr = true;
    else this.#lineEnd = CR;
  }
}

interface Chunk {
  readonly sent: Buffer;
  readonly text: Buffer;
}

const NOTHING: Chunk = { sent: Buffer.alloc(0), text: Buffer.alloc(0) };
/** Bytes of UTF-8 that one byte becomes at most, and bytes that a decoder holds back at most. */
const MOST_GROWTH = 4;
const MOST_HELD = 16;
/** The reader follows within some megabytes, but a vendor may send any number of comments, which never reach it. */
const MOST_KEPT = 32_000_000;
const LF = 10;
const CR = 13;
