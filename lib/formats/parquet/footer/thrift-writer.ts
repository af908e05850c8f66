import { thriftKinds } from './thrift.ts';

/** A field of a struct: its number, its kind and its value. Structs are written already. */
export type ThriftField =
  | readonly [id: number, kind: 'boolean', value: boolean]
  | readonly [id: number, kind: 'byte' | 'i32' | 'i64', value: number | bigint | undefined]
  | readonly [id: number, kind: 'binary', value: string]
  | readonly [id: number, kind: 'struct', value: Buffer | undefined]
  | readonly [id: number, kind: 'structs', value: readonly Buffer[]]
  | readonly [id: number, kind: 'i32s', value: readonly number[]]
  | readonly [id: number, kind: 'binaries', value: readonly string[]];

/** The bytes of a struct in Thrift's compact protocol. Fields stand in ascending order; those without a value are left out. */
export function thriftStruct(fields: readonly ThriftField[]): Buffer {
  const written: Buffer[] = [];
  let before = 0;
  for (const field of fields) {
    if (field[2] === undefined) continue;
    const [code, bytes] = encoded(field);
    written.push(Buffer.from([((field[0] - before) << 4) | code]), bytes);
    before = field[0];
  }
  return Buffer.concat([...written, END]);
}

const END = Buffer.from([0]);

function encoded([, kind, value]: ThriftField): readonly [code: number, bytes: Buffer] {
  switch (kind) {
    case 'boolean':
      return [value ? thriftKinds.true : thriftKinds.false, Buffer.alloc(0)];
    case 'byte':
      return [thriftKinds.byte, Buffer.from([Number(value)])];
    case 'binary':
      return [thriftKinds.binary, binary(value)];
    case 'struct':
      return [thriftKinds.struct, value!];
    case 'structs':
      return [thriftKinds.list, list(thriftKinds.struct, value)];
    case 'i32s':
      return [thriftKinds.list, list(thriftKinds.i32, value.map(zigzag))];
    case 'binaries':
      return [thriftKinds.list, list(thriftKinds.binary, value.map(binary))];
    default:
      return [thriftKinds[kind], zigzag(value!)];
  }
}

function list(kind: number, items: readonly Buffer[]): Buffer {
  return Buffer.concat([Buffer.from([0xf0 | kind]), varint(BigInt(items.length)), ...items]);
}

function binary(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([varint(BigInt(bytes.length)), bytes]);
}

function zigzag(value: number | bigint): Buffer {
  const number = BigInt(value);
  return varint(BigInt.asUintN(64, (number << 1n) ^ (number >> 63n)));
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]);
}
