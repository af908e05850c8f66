import { type KnownName, NameTable } from './name-table.ts';
import {
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  FAULT,
  LOWER_N,
  MORE,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  skipBlanks,
  TokenScan,
} from './tokens.ts';

/** Deeper values are refused: parsers of databases and engines end not far beyond. */
const MAX_DEPTH = 1000;

/** Finds the end of any value, of any size, in pieces that end anywhere. */
export class ValueScan {
  /** After MORE: where to go on, with the bytes from there. */
  resume = 0;
  /** After FAULT: where, and what is wrong there unless it is a byte. */
  faultAt = 0;
  why: string | undefined;
  readonly #tokens = new TokenScan();
  readonly #isObject = new Uint8Array(MAX_DEPTH);
  readonly #names: NestedNames | undefined;
  #depth = 0;
  #state = VALUE;

  /** With `names`, an object that has a name twice is a fault. */
  constructor(names?: NestedNames) {
    this.#names = names;
  }

  begin(): void {
    this.#depth = 0;
    this.#state = VALUE;
    this.why = undefined;
  }

  /** Index behind the value that begins or goes on at `from`. */
  end(bytes: Buffer, from: number, limit: number): number {
    let at = from;
    for (;;) {
      at = skipBlanks(bytes, at, limit);
      this.resume = at;
      if (at >= limit) return MORE;
      const byte = bytes[at]!;
      let next: number;
      if (this.#state === AFTER) {
        const isObject = this.#isObject[this.#depth - 1] === 1;
        if (byte === COMMA) {
          this.#state = isObject ? NAME : VALUE;
          next = at + 1;
        } else if (byte === (isObject ? CLOSE_BRACE : CLOSE_BRACKET)) next = this.#close(at);
        else return this.#fault(at);
      } else if (this.#state === FIRST_NAME && byte === CLOSE_BRACE) next = this.#close(at);
      else if (this.#state === FIRST_NAME || this.#state === NAME) {
        if (byte !== QUOTE) return this.#fault(at);
        next = this.#name(bytes, at + 1, limit);
      } else if (this.#state === BEHIND_NAME) {
        if (byte !== COLON) return this.#fault(at);
        this.#state = VALUE;
        next = at + 1;
      } else if (this.#state === FIRST_VALUE && byte === CLOSE_BRACKET) next = this.#close(at);
      else next = this.#value(bytes, at, limit);
      if (next < 0) return next;
      at = next;
      if (this.#depth === 0) return at;
    }
  }

  #value(bytes: Buffer, at: number, limit: number): number {
    const byte = bytes[at]!;
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) return this.#open(at, byte === OPEN_BRACE);
    const end = scalarEnd(this.#tokens, bytes, at, limit);
    if (end === FAULT) return this.#fault(this.#tokens.faultAt);
    if (end !== MORE) this.#state = AFTER;
    return end;
  }

  #name(bytes: Buffer, from: number, limit: number): number {
    const expected = this.#names?.expected(bytes, from, limit, this.#depth);
    const end = expected ? from + expected.bytes.length : this.#tokens.stringEnd(bytes, from, limit);
    if (end === FAULT) return this.#fault(this.#tokens.faultAt);
    if (end === MORE) return MORE;
    if (this.#names?.isRepeated(bytes, from, end, this.#tokens.hasEscape, this.#depth, expected))
      return this.#fault(from, 'a name stands twice in an object');
    this.#state = BEHIND_NAME;
    return end + 1;
  }

  #open(at: number, isObject: boolean): number {
    if (this.#depth === MAX_DEPTH) return this.#fault(at, `values lie within one another more than ${MAX_DEPTH} deep`);
    this.#isObject[this.#depth] = isObject ? 1 : 0;
    this.#depth += 1;
    if (isObject) this.#names?.begin(this.#depth);
    this.#state = isObject ? FIRST_NAME : FIRST_VALUE;
    return at + 1;
  }

  #close(at: number): number {
    this.#depth -= 1;
    this.#state = AFTER;
    return at + 1;
  }

  #fault(at: number, why?: string): number {
    this.faultAt = at;
    this.why = why;
    return FAULT;
  }
}

/** Index behind a string, number or literal. */
export function scalarEnd(tokens: TokenScan, bytes: Uint8Array, at: number, limit: number): number {
  const byte = bytes[at]!;
  if (byte === QUOTE) {
    const end = tokens.stringEnd(bytes, at + 1, limit);
    return end < 0 ? end : end + 1;
  }
  if (byte === 0x74 || byte === 0x66 || byte === LOWER_N) return tokens.literalEnd(bytes, at, limit);
  return tokens.numberEnd(bytes, at, limit);
}

/** Notices a name that an object has twice, by depth: objects of the same depth never lie within one another. */
export class NestedNames {
  #tables: (NameTable<undefined> | undefined)[] = [];
  #objects: number[] = [];
  #last: KnownName<undefined>[] = [];

  /** Between two records. Names are kept only for speed, so that of too many none is. */
  rest(): void {
    let size = 0;
    for (const table of this.#tables) size += table?.size ?? 0;
    if (size > MOST_NAMES) this.#tables = [];
  }

  begin(depth: number): void {
    let table = this.#tables[depth];
    if (table === undefined) {
      table = new NameTable(() => undefined);
      this.#tables[depth] = table;
    }
    this.#objects[depth] = table.begin();
    this.#last[depth] = table.start;
  }

  expected(bytes: Buffer, from: number, limit: number, depth: number): KnownName<undefined> | undefined {
    return this.#tables[depth]!.expected(bytes, from, limit, this.#last[depth]!);
  }

  isRepeated(
    bytes: Buffer,
    from: number,
    to: number,
    hasEscape: boolean,
    depth: number,
    expected: KnownName<undefined> | undefined,
  ): boolean {
    const name = expected ?? this.#tables[depth]!.find(bytes, from, to, hasEscape, this.#last[depth]!);
    if (name.seenIn === this.#objects[depth]) return true;
    name.seenIn = this.#objects[depth]!;
    this.#last[depth] = name;
    return false;
  }
}

const MOST_NAMES = 20_000;

const VALUE = 0;
const FIRST_VALUE = 1;
const FIRST_NAME = 2;
const NAME = 3;
const BEHIND_NAME = 4;
const AFTER = 5;
