/** A value of Thrift's compact protocol, in which Parquet writes its metadata. */
export type ThriftValue = boolean | number | bigint | Buffer | readonly ThriftValue[] | ThriftStruct;

/** Fields by their number. */
export type ThriftStruct = ReadonlyMap<number, ThriftValue>;

/** The bytes are no such struct; `isShort`: with more of them they may be one. */
export class ThriftFault extends Error {
  readonly isShort: boolean;

  constructor(message: string, isShort = false) {
    super(message);
    this.isShort = isShort;
  }
}

export const thriftKinds = {
  true: 1,
  false: 2,
  byte: 3,
  i16: 4,
  i32: 5,
  i64: 6,
  double: 7,
  binary: 8,
  list: 9,
  set: 10,
  struct: 12,
};

/** Reads one struct from its first byte on, in time and memory that its bytes allow. Throws ThriftFault. */
export class ThriftReader {
  readonly #bytes: Buffer;
  /** Of the first byte that is not read yet. */
  at: number;

  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes;
    this.at = at;
  }

  struct(depth = 0): ThriftStruct {
    if (depth > MAX_DEPTH) throw new ThriftFault(`structs lie deeper than ${MAX_DEPTH}`);
    const fields = new Map<number, ThriftValue>();
    for (let id = 0; ; ) {
      const head = this.#byte();
      if (head === 0) return fields;
      const delta = head >> 4;
      id = delta === 0 ? Number(this.#zigzag()) : id + delta;
      const kind = head & 15;
      if (fields.has(id)) throw new ThriftFault(`field ${id} comes twice`);
      fields.set(id, this.#value(kind, depth));
    }
  }

  #value(kind: number, depth: number): ThriftValue {
    switch (kind) {
      case thriftKinds.true:
      case thriftKinds.false:
        return kind === thriftKinds.true;
      case thriftKinds.byte:
        return (this.#byte() << 24) >> 24;
      case thriftKinds.i16:
      case thriftKinds.i32:
        return Number(BigInt.asIntN(32, this.#zigzag()));
      case thriftKinds.i64:
        return this.#zigzag();
      case thriftKinds.double:
        return this.#take(8).readDoubleLE();
      case thriftKinds.binary:
        return this.#take(this.#length());
      case thriftKinds.list:
      case thriftKinds.set:
        return this.#list(depth);
      case thriftKinds.struct:
        return this.struct(depth + 1);
      default:
        throw new ThriftFault(`there is no kind ${kind}`);
    }
  }

  #list(depth: number): readonly ThriftValue[] {
    if (depth > MAX_DEPTH) throw new ThriftFault(`lists lie deeper than ${MAX_DEPTH}`);
    const head = this.#byte();
    const kind = head & 15;
    const length = head >> 4 === 15 ? this.#length() : head >> 4;
    if (length > this.#bytes.length - this.at) throw new ThriftFault(`a list of ${length} does not fit`, true);
    const isBoolean = kind === thriftKinds.true || kind === thriftKinds.false;
    return Array.from({ length }, () => (isBoolean ? this.#byte() === 1 : this.#value(kind, depth + 1)));
  }

  #length(): number {
    const length = this.#varint();
    if (length > MAX_LENGTH) throw new ThriftFault(`a length of ${length}`);
    return Number(length);
  }

  #take(length: number): Buffer {
    if (length > this.#bytes.length - this.at) throw new ThriftFault(`${length} bytes are not there`, true);
    this.at += length;
    return this.#bytes.subarray(this.at - length, this.at);
  }

  #byte(): number {
    const byte = this.#bytes[this.at];
    if (byte === undefined) throw new ThriftFault('it ends early', true);
    this.at += 1;
    return byte;
  }

  #zigzag(): bigint {
    const coded = this.#varint();
    return (coded >> 1n) ^ -(coded & 1n);
  }

  #varint(): bigint {
    let small = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.#byte();
      small |= (byte & 127) << shift;
      if (byte < 128) return BigInt(small);
    }
    let value = BigInt(small);
    for (let shift = 28n; shift < 64n; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return BigInt.asUintN(64, value);
    }
    throw new ThriftFault('a number has more than 64 bits');
  }
}

/** Parquet's own structs are six deep. */
const MAX_DEPTH = 16;
const MAX_LENGTH = 1n << 31n;
