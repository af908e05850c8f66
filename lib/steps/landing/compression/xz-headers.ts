import { crc32 } from 'node:zlib';
import { Malformed } from '../../../core/archives/xz/range-decoder.ts';
import { checks } from './xz-checks.ts';

/** Head and end of a stream have as many bytes. */
export const STREAM_EDGE = 12;

export const streamMagic = Buffer.from('\xfd7zXZ\0', 'latin1');

/** The kind of check, from the head of a stream. Throws Malformed. */
export function streamHead(head: Buffer): number {
  requireSum(head.subarray(6, 8), head.readUInt32LE(8), 'the head of a stream');
  return kindOf(head.subarray(6, 8));
}

/** The kind of check and the length of the index before it, from the end of a stream. Throws Malformed. */
export function streamEnd(end: Buffer): { kind: number; indexBytes: number } {
  if (end.toString('latin1', 10) !== 'YZ') throw new Malformed('it does not end as a stream');
  requireSum(end.subarray(4, 10), end.readUInt32LE(0), 'the end of a stream');
  return { kind: kindOf(end.subarray(8, 10)), indexBytes: (end.readUInt32LE(4) + 1) * 4 };
}

/** What stands before a block. */
export interface BlockHead {
  readonly packed: number | undefined;
  readonly unpacked: number | undefined;
  readonly filters: readonly Filter[];
}

interface Filter {
  readonly id: number;
  readonly properties: Buffer;
}

/** `head`: from its own length to its checksum. Throws Malformed. */
export function blockHead(head: Buffer): BlockHead {
  const end = head.length - 4;
  requireSum(head.subarray(0, end), head.readUInt32LE(end), 'the head of a block');
  const flags = head[1]!;
  if ((flags & 0x3c) !== 0) throw new Malformed('the head of a block has unknown flags');
  const numbers = new Numbers(head.subarray(2, end));
  const packed = (flags & 0x40) === 0 ? undefined : numbers.next();
  const unpacked = (flags & 0x80) === 0 ? undefined : numbers.next();
  const filters = Array.from({ length: (flags & 3) + 1 }, () => {
    const id = numbers.next();
    return { id, properties: numbers.bytes(numbers.next()) };
  });
  requireZeros(numbers.rest, 'the head of a block');
  return { packed, unpacked, filters };
}

export const LZMA2 = 0x21;

/** Bytes that a chunk may repeat, from the properties of LZMA2. Throws Malformed. */
export function windowBytes(properties: Buffer): number {
  const [bits] = properties;
  if (properties.length !== 1 || bits === undefined || bits > 40) throw new Malformed('its window has no size');
  return bits === 40 ? 2 ** 32 - 1 : (2 | (bits & 1)) * 2 ** (Math.floor(bits / 2) + 11);
}

/** What the index says of a block: bytes without its padding, and those that it unpacks to. */
export interface BlockSizes {
  readonly packed: number;
  readonly unpacked: number;
}

/** Numbers of 7 bits a byte, the lowest first. */
export class Numbers {
  #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get rest(): Buffer {
    return this.#bytes;
  }

  next(): number {
    const { value, length } = numberIn(this.#bytes) ?? {};
    if (value === undefined || length === undefined) throw new Malformed('a number in it is malformed');
    this.#bytes = this.#bytes.subarray(length);
    return value;
  }

  bytes(length: number): Buffer {
    if (length > this.#bytes.length) throw new Malformed('a head is too short');
    const taken = this.#bytes.subarray(0, length);
    this.#bytes = this.#bytes.subarray(length);
    return taken;
  }
}

/** The number that begins here; undefined where it does not end, or no size is as large. */
function numberIn(bytes: Buffer): { value: number; length: number } | undefined {
  let value = 0;
  for (let at = 0; at < Math.min(bytes.length, MOST_DIGITS); at += 1) {
    const byte = bytes[at]!;
    value += (byte & 0x7f) * 2 ** (7 * at);
    if ((byte & 0x80) !== 0) continue;
    const isShortest = at === 0 || byte !== 0;
    return isShortest && value <= Number.MAX_SAFE_INTEGER ? { value, length: at + 1 } : undefined;
  }
  return undefined;
}

/** Bytes of the longest number. */
export const MOST_DIGITS = 9;

function requireSum(bytes: Buffer, said: number, of: string): void {
  if (crc32(bytes) !== said) throw new Malformed(`the checksum of ${of} is wrong`);
}

export function requireZeros(bytes: Buffer, of: string): void {
  if (bytes.some((byte) => byte !== 0)) throw new Malformed(`something stands in ${of} where zeros belong`);
}

function kindOf(flags: Buffer): number {
  const [zero, kind] = flags as unknown as [number, number];
  if (zero === 0 && Object.hasOwn(checks, kind)) return kind;
  throw new Malformed('it has a check that no program writes');
}
