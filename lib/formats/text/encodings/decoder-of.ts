import type { Decoder } from './decoder.ts';
import { EucJp } from './euc-jp.ts';
import { Gb18030 } from './gb18030.ts';
import { Iso2022Jp } from './iso-2022-jp.ts';
import { type CharacterReader, MultiBytes } from './multi-bytes.ts';
import type { EncodingName } from './names.ts';
import { once } from './once.ts';
import { Pairs } from './pairs.ts';
import { shiftJis } from './shift-jis.ts';
import { SingleBytes } from './single-bytes.ts';
import { big5 } from './tables/big5.ts';
import { gb2312 } from './tables/gb-2312.ts';
import { gbk } from './tables/gbk.ts';
import { ksX1001 } from './tables/ks-x-1001.ts';
import { tableOf } from './tables/rows.ts';
import type { SingleByteName } from './tables/single-bytes.ts';
import { uhc } from './tables/uhc.ts';
import { windows31j } from './tables/windows-31j.ts';
import { windows950 } from './tables/windows-950.ts';
import { Utf16 } from './utf-16.ts';
import { Utf32 } from './utf-32.ts';

/** A decoder for one file. */
export function decoderOf(encoding: Exclude<EncodingName, 'utf-8'>): Decoder {
  switch (encoding) {
    case 'utf-16':
      return new Utf16();
    case 'utf-16le':
      return new Utf16('le');
    case 'utf-16be':
      return new Utf16('be');
    case 'utf-32':
      return new Utf32(encoding);
    case 'utf-32le':
      return new Utf32(encoding, 'le');
    case 'utf-32be':
      return new Utf32(encoding, 'be');
    default:
      return encoding in readers
        ? new MultiBytes(encoding, readers[encoding as keyof typeof readers]())
        : new SingleBytes(encoding as SingleByteName);
  }
}

const readers = {
  shift_jis: once(() => shiftJis()),
  'windows-31j': once(() => shiftJis(windows31j)),
  'euc-jp': once(() => new EucJp()),
  'iso-2022-jp': () => new Iso2022Jp(),
  gb2312: once(() => new Pairs(tableOf([gb2312]))),
  gbk: once(() => new Pairs(tableOf([gb2312, gbk]))),
  gb18030: once(() => new Gb18030()),
  big5: once(() => new Pairs(tableOf([big5]))),
  'windows-950': once(() => new Pairs(tableOf([big5, windows950]))),
  'euc-kr': once(() => new Pairs(tableOf([ksX1001]))),
  uhc: once(() => new Pairs(tableOf([ksX1001, uhc]))),
} satisfies Partial<Record<EncodingName, () => CharacterReader>>;
