/** A field of a message of protocol buffers, as its bytes. */
export type Field = Buffer;

/** How the bytes of a value are found. */
const wires = { varint: 0, fixed64: 1, bytes: 2 } as const;

export function message(number: number, fields: readonly Field[]): Field {
  return bytes(number, Buffer.concat(fields));
}

export function bytes(number: number, value: Uint8Array): Field {
  return Buffer.concat([tag(number, wires.bytes), varint(BigInt(value.length)), value]);
}

export function text(number: number, value: string): Field {
  return bytes(number, Buffer.from(value.toWellFormed()));
}

export function integer(number: number, value: bigint): Field {
  return Buffer.concat([tag(number, wires.varint), varint(BigInt.asUintN(64, value))]);
}

export function fixed64(number: number, value: bigint): Field {
  const written = Buffer.alloc(8);
  written.writeBigUInt64LE(value);
  return Buffer.concat([tag(number, wires.fixed64), written]);
}

export function double(number: number, value: number): Field {
  const written = Buffer.alloc(8);
  written.writeDoubleLE(value);
  return Buffer.concat([tag(number, wires.fixed64), written]);
}

function tag(number: number, wire: number): Buffer {
  return varint(BigInt((number << 3) | wire));
}

function varint(value: bigint): Buffer {
  const written: number[] = [];
  for (let rest = value; ; rest >>= 7n) {
    const low = Number(rest & 0x7fn);
    if (rest < 0x80n) return Buffer.from([...written, low]);
    written.push(low | 0x80);
  }
}
