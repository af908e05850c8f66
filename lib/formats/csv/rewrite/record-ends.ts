import type { Dialect } from './dialect.ts';

/** Answer where more bytes have to come before anybody can tell. */
export const MORE = -1;

/** Bytes of a file, of which the last ones may still have to come. */
export interface Arrived {
  readonly bytes: Uint8Array;
  readonly length: number;
  readonly isEnded: boolean;
}

/** Tells where records end: as the feed says, or as the first record does. */
export class RecordEnds {
  readonly #declared: Buffer | undefined;
  readonly #allowsMixed: boolean;
  #end: string | undefined;
  #isMixed = false;

  constructor({ recordEnd, allowsMixedEnds }: Dialect) {
    this.#declared = recordEnd;
    this.#allowsMixed = allowsMixedEnds;
  }

  /** The record end of the file; undefined until one was seen. */
  get known(): Buffer | undefined {
    return this.#declared ?? (this.#end === undefined ? undefined : Buffer.from(this.#end));
  }

  /** Whether an escape before a CR holds for the LF after it, too. */
  get joinsCrLf(): boolean {
    return this.#end === '\r\n';
  }

  get notes(): string[] {
    if (this.#isMixed) return ['records end with LF and with CRLF'];
    return this.#end === '\r' ? ['records end with CR alone'] : [];
  }

  /** Length of the record end, or the line end that is none, at this place; 0 where none is. */
  lengthAt({ bytes, length, isEnded }: Arrived, at: number): number {
    if (this.#declared !== undefined) return lengthOf(this.#declared, { bytes, length, isEnded }, at);
    if (bytes[at] === LF) return 1;
    if (bytes[at] !== CR) return 0;
    if (at + 1 >= length) return isEnded ? 1 : MORE;
    return bytes[at + 1] === LF ? 2 : 1;
  }

  /** Where the next record end or line end stands or begins; the number of bytes where none does. */
  next({ bytes, length }: Arrived, from: number): number {
    const declared = this.#declared;
    if (declared === undefined) {
      let at = from;
      while (at < length && bytes[at] !== LF && bytes[at] !== CR) at++;
      return at;
    }
    const arrived = Buffer.from(bytes.buffer, bytes.byteOffset, length);
    const found = arrived.indexOf(declared, from);
    return found < 0 ? length : found;
  }

  /** Whether records of this file may end so. */
  fits(bytes: Uint8Array, at: number, length: number): boolean {
    if (this.#declared !== undefined || this.#end === undefined) return true;
    const end = endAt(bytes, at, length);
    return end === this.#end || (this.#allowsMixed && end !== '\r' && this.#end !== '\r');
  }

  /** A record has ended so. */
  see(bytes: Uint8Array, at: number, length: number): void {
    if (this.#declared !== undefined) return;
    const end = endAt(bytes, at, length);
    if (this.#end !== undefined && end !== this.#end) this.#isMixed = true;
    this.#end ??= end;
  }

  /** What is wrong with a line end that does not fit. */
  get complaint(): string {
    return `a line end is not ${names[this.#end!]}, the file's first record end`;
  }
}

/** Length of a text where the bytes have it at this place; otherwise 0, or MORE. */
export function lengthOf(text: Buffer, { bytes, length, isEnded }: Arrived, at: number): number {
  for (let index = 0; index < text.length; index++) {
    if (at + index >= length) return isEnded || index === 0 ? 0 : MORE;
    if (bytes[at + index] !== text[index]) return 0;
  }
  return text.length;
}

function endAt(bytes: Uint8Array, at: number, length: number): string {
  return length === 2 ? '\r\n' : bytes[at] === LF ? '\n' : '\r';
}

const names: Record<string, string> = { '\n': 'LF', '\r\n': 'CRLF', '\r': 'CR' };
const LF = 10;
const CR = 13;
