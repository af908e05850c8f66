import type { Random } from '../random.ts';

/** Longer inputs say no more, and take longer. */
export const MAX_INPUT = 65_536;

/** One input as another: a few changes, some of them with pieces of the other inputs. */
export function mutated(random: Random, from: readonly Buffer[]): Buffer {
  let bytes = random.pick(from);
  for (let times = 1 + random.below(4); times > 0; times -= 1) bytes = random.pick(changes)(random, bytes, from);
  return bytes.subarray(0, MAX_INPUT);
}

type Change = (random: Random, bytes: Buffer, from: readonly Buffer[]) => Buffer;

const changes: readonly Change[] = [
  (random, bytes) => replaced(bytes, random.below(bytes.length + 1), 1, Buffer.of(random.below(256))),
  (random, bytes) => {
    const copy = Buffer.from(bytes);
    if (copy.length > 0) copy[random.below(copy.length)]! ^= 1 << random.below(8);
    return copy;
  },
  (random, bytes) => replaced(bytes, random.below(bytes.length + 1), random.below(3), Buffer.from(random.pick(tokens))),
  (random, bytes) => replaced(bytes, random.below(bytes.length + 1), random.pick([2, 4, 8]), random.pick(numbers)),
  (random, bytes) => replaced(bytes, random.below(bytes.length + 1), 1 + random.below(16), Buffer.alloc(0)),
  (random, bytes) => bytes.subarray(0, random.below(bytes.length + 1)),
  (random, bytes, from) =>
    replaced(bytes, random.below(bytes.length + 1), random.below(8), slice(random, random.pick(from))),
  // What takes the square of a length shows only in long inputs.
  (random, bytes) => {
    const piece = slice(random, bytes).subarray(0, 16);
    const times = Math.min(10 ** random.below(5), Math.floor(MAX_INPUT / Math.max(piece.length, 1)));
    return replaced(bytes, random.below(bytes.length + 1), 0, Buffer.concat(Array(times).fill(piece)));
  },
];

function replaced(bytes: Buffer, at: number, length: number, by: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, at), by, bytes.subarray(at + length)]);
}

function slice(random: Random, bytes: Buffer): Buffer {
  const from = random.below(bytes.length + 1);
  return bytes.subarray(from, from + 1 + random.below(64));
}

/** What parsers look for. */
const tokens = [
  ...'"\',;|\t\r\n\\ %_*?{}[]()<>=&!#:-+.0129aAzé\u00a0\u0000\u001b\u202e\u2028\ufeff\ufffd😀',
  ...[
    '\r\n',
    '""',
    '\\u0000',
    '{rows}',
    '{date}',
    '{n}',
    '<<',
    '&a',
    '*a',
    ' -> ',
    '__proto__',
    'constructor',
    'toString',
  ],
  ...['null', 'true', 'NaN', '1e999', '-0', '99999999999999999999', '2026-02-30', '24:00:00', '+15:59', '\\N'],
  ...[
    ' and ',
    ' or ',
    'not ',
    'case when ',
    ' then ',
    ' else ',
    ' end',
    'cast(',
    ' as integer)',
    ' between ',
    ' in (',
    ' like ',
    '||',
  ],
];

/** Lengths and offsets, as little-endian numbers of two, four and eight bytes. */
const numbers = [0n, 1n, 0x7fn, 0xffn, 0x7fffn, 0xffffn, 0x7fffffffn, 0xffffffffn, 0xffffffffffffffffn].flatMap(
  (number) =>
    [2, 4, 8].map((length) => {
      const bytes = Buffer.alloc(8);
      bytes.writeBigUInt64LE(number);
      return bytes.subarray(0, length);
    }),
);
