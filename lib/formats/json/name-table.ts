import { QUOTE } from './tokens.ts';

/** A name as objects at one place have it. */
export interface KnownName<Meaning> {
  readonly name: string;
  readonly meaning: Meaning;
  /** Its bytes between the quotes, where they can be compared as they are; empty where the name needs escapes. */
  readonly bytes: Uint8Array;
  /** Number of the last object that had it. */
  seenIn: number;
  /** What followed it last: objects of one kind mostly have their names in one order. */
  next: KnownName<Meaning> | undefined;
}

/** The names of objects that stand at one place, one object after the other. */
export class NameTable<Meaning> {
  readonly #byName = new Map<string, KnownName<Meaning>>();
  readonly #meaningOf: (name: string) => Meaning;
  /** Stands before the first name of each object. */
  readonly start: KnownName<Meaning>;
  #objects = 0;

  constructor(meaningOf: (name: string) => Meaning) {
    this.#meaningOf = meaningOf;
    this.start = known('', meaningOf(''));
  }

  get size(): number {
    return this.#byName.size;
  }

  get names(): Iterable<KnownName<Meaning>> {
    return this.#byName.values();
  }

  /** Number of the object that began last. */
  get object(): number {
    return this.#objects;
  }

  /** Begins an object and gives its number. */
  begin(): number {
    this.#objects += 1;
    return this.#objects;
  }

  /** Forgets all other names, which were kept for speed. Between two objects. */
  keep(isKept: (meaning: Meaning) => boolean): void {
    this.start.next = undefined;
    for (const [name, found] of this.#byName) {
      found.next = undefined;
      if (!isKept(found.meaning)) this.#byName.delete(name);
    }
  }

  /** The name that begins at `from`, when it is the one that came behind `last` before; its end is `from` and its length. */
  expected(bytes: Uint8Array, from: number, limit: number, last: KnownName<Meaning>): KnownName<Meaning> | undefined {
    const { next } = last;
    if (next === undefined) return undefined;
    const { bytes: wanted } = next;
    const { length } = wanted;
    if (length === 0 || from + length >= limit || bytes[from + length] !== QUOTE) return undefined;
    for (let index = 0; index < length; index++) if (bytes[from + index] !== wanted[index]) return undefined;
    return next;
  }

  /** The name between two quotes. */
  find(bytes: Buffer, from: number, to: number, hasEscape: boolean, last: KnownName<Meaning>): KnownName<Meaning> {
    const name = hasEscape
      ? (JSON.parse(bytes.toString('utf8', from - 1, to + 1)) as string)
      : bytes.toString('utf8', from, to);
    let found = this.#byName.get(name);
    if (found === undefined) {
      found = known(name, this.#meaningOf(name));
      this.#byName.set(name, found);
    }
    last.next = found;
    return found;
  }
}

function known<Meaning>(name: string, meaning: Meaning): KnownName<Meaning> {
  const isPlain = /^[^"\\\u0000-\u001f\ufffd]*$/.test(name) && name.isWellFormed();
  const bytes = isPlain ? new Uint8Array(Buffer.from(name)) : new Uint8Array();
  return { name, meaning, bytes, seenIn: 0, next: undefined };
}
