import { isUtf8 } from 'node:buffer';
import { decoderOf } from '../../../lib/formats/text/encodings/decoder-of.ts';
import { type EncodingName, encodingNames } from '../../../lib/formats/text/encodings/names.ts';
import { singleByteTables } from '../../../lib/formats/text/encodings/tables/single-bytes.ts';

type TableName = Exclude<EncodingName, `utf-${string}`>;

/** Encodings that have a table. */
export const tableNames = encodingNames.filter((name): name is TableName => !name.startsWith('utf-'));

/** Each byte; where characters have more bytes, each pair that begins beyond ASCII, and what the encoding has beside these. */
export function everyCode(encoding: TableName): Buffer[] {
  const single = range(0, 256).map((byte) => [byte]);
  if (encoding in singleByteTables) return single.map((code) => Buffer.from(code));
  if (encoding === 'iso-2022-jp') {
    const kanji = range(0x21, 0x7f).flatMap((lead) => range(0x21, 0x7f).map((trail) => [lead, trail]));
    const switched = ['$@', '$B', '(J', '(I', '$(D', '(B'].flatMap((set) =>
      [...kanji, ...single.slice(0x21, 0x7f)].map((code) => [0x1b, ...Buffer.from(set), ...code, 0x1b, 0x28, 0x42]),
    );
    return [...single, ...switched].filter((code) => !code.includes(10)).map((code) => Buffer.from(code));
  }
  const pairs = range(0x80, 256).flatMap((lead) => range(0, 256).map((trail) => [lead, trail]));
  const more = encoding === 'euc-jp' ? threes() : encoding === 'gb18030' ? fours() : [];
  return [...single, ...pairs, ...more].map((code) => Buffer.from(code));
}

/** The text of a code; undefined where the encoding does not have it. A line end shows what would wait for more bytes. */
export function readerOf(encoding: TableName): (code: Buffer) => string | undefined {
  const decoder = decoderOf(encoding);
  return (code) => {
    const found = decoder.decode(Buffer.concat([code, Buffer.from('\n')]));
    return isUtf8(found) ? found.toString().slice(0, -1) : undefined;
  };
}

const threes = () => range(0x80, 256).flatMap((b) => range(0x80, 256).map((c) => [0x8f, b, c]));

/** All of the first plane, the ends of the others, and what is beyond. */
function fours(): number[][] {
  const leads = [0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x8f, 0x90, 0xe3, 0xe4, 0xfe, 0xff];
  return leads.flatMap((a) =>
    range(0x2f, 0x3b).flatMap((b) => range(0x80, 256).flatMap((c) => range(0x2f, 0x3b).map((d) => [a, b, c, d]))),
  );
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}
