import type { KnownName, NameTable } from './name-table.ts';
import { isRead, type Place } from './places.ts';
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
import { NestedNames, scalarEnd, ValueScan } from './value-scan.ts';

/** What stands for a field in an object. */
export const ABSENT = 0;
const NULL = 1;
/** A value whose bytes are the text of the field: a text without escapes, a number, true or false, an object or an array. */
export const WRITTEN = 2;
/** A text with escapes. */
export const ESCAPED = 3;
/** The value in which it would stand is null. */
export const WITHIN_NULL = 4;
/** The object in which it would stand has no such name. */
export const LACKED = 5;

/**
 * Checks an object byte by byte and finds the values of its fields, without making anything of them: what is not read costs
 * no more than the look at its bytes, and numbers keep their digits.
 */
export class ObjectReader {
  /** Of the object that was read last, by number of the field. */
  readonly kinds: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** Its names that nothing declares. */
  readonly unknown: string[] = [];
  /** After FAULT: where, and what is wrong there unless it is a byte. */
  faultAt = 0;
  why: string | undefined;
  readonly #table: NameTable<Place>;
  readonly #tables: NameTable<Place>[];
  readonly #tokens = new TokenScan();
  readonly #nested = new NestedNames();
  readonly #value = new ValueScan(this.#nested);

  constructor(table: NameTable<Place>, fields: number) {
    this.#table = table;
    this.#tables = [table];
    this.kinds = new Uint8Array(fields);
    this.starts = new Int32Array(fields);
    this.ends = new Int32Array(fields);
  }

  /** Index behind the object that begins at `from`; MORE when it goes on behind `limit`. */
  read(bytes: Buffer, from: number, limit: number): number {
    this.kinds.fill(ABSENT);
    this.unknown.length = 0;
    this.why = undefined;
    this.#nested.rest();
    for (const table of this.#tables) if (table.size > MOST_NAMES) table.keep(isRead);
    if (from >= limit) return MORE;
    if (bytes[from] !== OPEN_BRACE) return this.#fault(from, 'it is no object');
    return this.#members(this.#table, bytes, from + 1, limit);
  }

  /** From behind the opening brace to behind the closing one. */
  #members(table: NameTable<Place>, bytes: Buffer, from: number, limit: number): number {
    const object = table.begin();
    let last: KnownName<Place> = table.start;
    let at = skipBlanks(bytes, from, limit);
    if (at < limit && bytes[at] === CLOSE_BRACE) return at + 1;
    for (;;) {
      if (at >= limit) return MORE;
      if (bytes[at] !== QUOTE) return this.#fault(at);
      at += 1;
      let name = table.expected(bytes, at, limit, last);
      if (name === undefined) {
        const end = this.#tokens.stringEnd(bytes, at, limit);
        if (end < 0) return this.#unended(end);
        name = table.find(bytes, at, end, this.#tokens.hasEscape, last);
        if (name.seenIn === object) return this.#fault(at, 'a name stands twice in an object');
        at = end + 1;
      } else {
        if (name.seenIn === object) return this.#fault(at, 'a name stands twice in an object');
        at += name.bytes.length + 1;
      }
      name.seenIn = object;
      last = name;
      at = skipBlanks(bytes, at, limit);
      if (at >= limit) return MORE;
      if (bytes[at] !== COLON) return this.#fault(at);
      at = skipBlanks(bytes, at + 1, limit);
      if (at >= limit) return MORE;
      if (name.meaning.isUnknown) this.unknown.push(name.name);
      at = this.#valueAt(name.meaning, bytes, at, limit);
      if (at < 0) return at;
      at = skipBlanks(bytes, at, limit);
      if (at >= limit) return MORE;
      if (bytes[at] === CLOSE_BRACE) return at + 1;
      if (bytes[at] !== COMMA) return this.#fault(at);
      at = skipBlanks(bytes, at + 1, limit);
    }
  }

  /** From the first byte of a value to behind it. */
  #valueAt(place: Place, bytes: Buffer, at: number, limit: number): number {
    const byte = bytes[at]!;
    const { slot } = place;
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      const end = place.within.length === 0 ? this.#pass(bytes, at, limit) : this.#inner(place, bytes, at, limit);
      if (end >= 0 && slot >= 0) this.#found(slot, WRITTEN, at, end);
      return end;
    }
    if (place.within.length > 0) {
      if (byte !== LOWER_N) return this.#fault(at, 'it is no value with parts, of which the feed reads one');
      for (const each of place.within) this.kinds[each] = WITHIN_NULL;
    }
    const end = scalarEnd(this.#tokens, bytes, at, limit);
    if (end < 0) return this.#unended(end);
    if (slot >= 0) {
      if (byte === QUOTE) this.#found(slot, this.#tokens.hasEscape ? ESCAPED : WRITTEN, at + 1, end - 1);
      else this.#found(slot, byte === LOWER_N ? NULL : WRITTEN, at, end);
    }
    return end;
  }

  /** An object or an array of which parts are read. */
  #inner(place: Place, bytes: Buffer, at: number, limit: number): number {
    if (bytes[at] === OPEN_BRACE) {
      if (place.members === undefined) return this.#fault(at, 'it is no array, of which the feed reads an item');
      if (!this.#tables.includes(place.members)) this.#tables.push(place.members);
      const end = this.#members(place.members, bytes, at + 1, limit);
      if (end >= 0) place.strangers.learn(place.members, this.#isWhole(place));
      return end;
    }
    if (place.items === undefined) return this.#fault(at, 'it is no object, of which the feed reads a name');
    for (const each of place.within) this.kinds[each] = NULL;
    return this.#items(place.items, bytes, at + 1, limit);
  }

  /** Whether the object that ended has what is read of it. */
  #isWhole({ within }: Place): boolean {
    let isWhole = true;
    for (const each of within) {
      if (this.kinds[each] !== ABSENT) continue;
      this.kinds[each] = LACKED;
      isWhole = false;
    }
    return isWhole;
  }

  /** From behind the opening bracket to behind the closing one. */
  #items(items: ReadonlyMap<number, Place>, bytes: Buffer, from: number, limit: number): number {
    let at = skipBlanks(bytes, from, limit);
    if (at < limit && bytes[at] === CLOSE_BRACKET) return at + 1;
    for (let index = 0; ; index++) {
      if (at >= limit) return MORE;
      const place = items.get(index);
      if (place?.within) for (const each of place.within) this.kinds[each] = ABSENT;
      at = place ? this.#valueAt(place, bytes, at, limit) : this.#pass(bytes, at, limit);
      if (at < 0) return at;
      at = skipBlanks(bytes, at, limit);
      if (at >= limit) return MORE;
      if (bytes[at] === CLOSE_BRACKET) return at + 1;
      if (bytes[at] !== COMMA) return this.#fault(at);
      at = skipBlanks(bytes, at + 1, limit);
    }
  }

  /** A value of which nothing is read. */
  #pass(bytes: Buffer, at: number, limit: number): number {
    this.#value.begin();
    const end = this.#value.end(bytes, at, limit);
    return end === FAULT ? this.#fault(this.#value.faultAt, this.#value.why) : end;
  }

  #found(slot: number, kind: number, start: number, end: number): void {
    this.kinds[slot] = kind;
    this.starts[slot] = start;
    this.ends[slot] = end;
  }

  #unended(answer: number): number {
    return answer === FAULT ? this.#fault(this.#tokens.faultAt) : answer;
  }

  #fault(at: number, why?: string): number {
    this.faultAt = at;
    this.why = why;
    return FAULT;
  }
}

/** Names are kept for speed; only so many that nobody reads. */
const MOST_NAMES = 20_000;
