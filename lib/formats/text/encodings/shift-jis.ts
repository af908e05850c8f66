import { halfWidthKatakana } from './euc-jp.ts';
import { Pairs } from './pairs.ts';
import { jisX0208 } from './tables/jis-x-0208.ts';
import { tableOf } from './tables/rows.ts';

/** Shift_JIS, in which JIS X 0208 is laid out anew; with what a vendor has added. Byte 5C is a backslash, as programs mean it. */
export function shiftJis(added = ''): Pairs {
  const table = tableOf([jisX0208], shifted);
  for (const [at, code] of tableOf([added]).entries()) if (code !== 0) table[at] = code;
  return new Pairs(table, (byte) => (byte >= 0xa1 && byte <= 0xdf ? halfWidthKatakana(byte) : 0));
}

/** Two rows of JIS X 0208 share a lead byte; trail bytes leave 7F out. */
function shifted(code: number): number {
  const row = (code >> 8) - 0x21;
  const cell = (code & 0xff) - 0x21;
  const lead = (row >> 1) + (row < 62 ? 0x81 : 0xc1);
  const trail = row % 2 === 1 ? cell + 0x9f : cell + (cell < 63 ? 0x40 : 0x41);
  return (lead << 8) | trail;
}
