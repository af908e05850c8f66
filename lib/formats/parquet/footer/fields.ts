import type { ThriftStruct, ThriftValue } from './thrift.ts';

/** What is missing or of another kind than Parquet says. */
export class FooterFault extends Error {}

/** Reads fields of a struct by their numbers. Throws FooterFault where one is not what it has to be. */
export class Fields {
  readonly #struct: ThriftStruct;
  readonly #what: string;

  constructor(struct: ThriftStruct, what: string) {
    this.#struct = struct;
    this.#what = what;
  }

  has(id: number): boolean {
    return this.#struct.has(id);
  }

  /** A number that is exact in JavaScript, and not negative. */
  count(id: number): number {
    return this.optionalCount(id) ?? this.#lacks(id);
  }

  optionalCount(id: number): number | undefined {
    const value = this.#struct.get(id);
    if (value === undefined) return undefined;
    const number = typeof value === 'bigint' ? Number(value) : value;
    if (typeof number !== 'number' || !Number.isSafeInteger(number) || number < 0) return this.#lacks(id);
    return number;
  }

  /** A number of 32 bits of which the first is no sign. */
  unsigned(id: number): number | undefined {
    const value = this.#struct.get(id);
    if (value === undefined) return undefined;
    return typeof value === 'number' ? value >>> 0 : this.#lacks(id);
  }

  boolean(id: number): boolean {
    const value = this.#struct.get(id);
    return typeof value === 'boolean' ? value : this.#lacks(id);
  }

  /** A text that is UTF-8. */
  text(id: number): string {
    return textOf(this.#struct.get(id)) ?? this.#lacks(id);
  }

  texts(id: number): string[] {
    return this.#list(id).map((item) => textOf(item) ?? this.#lacks(id));
  }

  counts(id: number): number[] {
    return this.#list(id).map((item) => (typeof item === 'number' ? item : this.#lacks(id)));
  }

  struct(id: number, what: string): Fields {
    return this.optionalStruct(id, what) ?? this.#lacks(id);
  }

  optionalStruct(id: number, what: string): Fields | undefined {
    const value = this.#struct.get(id);
    if (value === undefined) return undefined;
    return value instanceof Map ? new Fields(value, what) : this.#lacks(id);
  }

  structs(id: number, what: string): Fields[] {
    return this.#list(id).map((item) => (item instanceof Map ? new Fields(item, what) : this.#lacks(id)));
  }

  /** The number of the only field; undefined where it is not alone. */
  get only(): number | undefined {
    return this.#struct.size === 1 ? [...this.#struct.keys()][0] : undefined;
  }

  #list(id: number): readonly ThriftValue[] {
    const value = this.#struct.get(id);
    return Array.isArray(value) ? value : this.#lacks(id);
  }

  #lacks(id: number): never {
    throw new FooterFault(`${this.#what} has no proper field ${id}`);
  }
}

function textOf(value: ThriftValue | undefined): string | undefined {
  if (!Buffer.isBuffer(value)) return undefined;
  const text = value.toString();
  return Buffer.from(text).equals(value) ? text : undefined;
}
