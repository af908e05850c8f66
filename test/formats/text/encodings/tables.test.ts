import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { everyCode, readerOf, tableNames } from '../../../support/formats/every-code.ts';

/**
 * A running feed reads by these tables: another fingerprint is another meaning of the same bytes. codecs.python.test.ts compares them
 * with tables that others made.
 */
const fingerprints: Readonly<Record<string, string>> = {
  'us-ascii': '128 c5a33b1ebb8fd21d',
  'latin-1': '256 a8c86f3300c9aada',
  'iso-8859-2': '256 cb0f10a23e72b4e7',
  'iso-8859-3': '249 5ebeec8dc53b1826',
  'iso-8859-4': '256 426ad9db7a88b618',
  'iso-8859-5': '256 43e25b9ed3f918f5',
  'iso-8859-6': '211 1feae402f846af67',
  'iso-8859-7': '253 b62eea2a732dab0f',
  'iso-8859-8': '220 06ef7757966d5550',
  'iso-8859-9': '256 5888fbede7c2b2d6',
  'iso-8859-10': '256 2bf5701e287521b4',
  'iso-8859-11': '248 f019614930a7eea0',
  'iso-8859-13': '256 9d2f1e21549d0508',
  'iso-8859-14': '256 69197c686b6b006f',
  'iso-8859-15': '256 3195474a128196d7',
  'iso-8859-16': '256 4e6a2e312e8bd2e5',
  'windows-1250': '251 8a77ffb725337080',
  'windows-1251': '255 015f376d7b58cc1d',
  'windows-1252': '251 fb3da6832f1cdff4',
  'windows-1253': '239 17d287517f4ec6c0',
  'windows-1254': '249 d1ff70771abaef8c',
  'windows-1255': '233 9debf216bc8df137',
  'windows-1256': '256 2594dd447eddaa3a',
  'windows-1257': '244 70382ce53e79efa3',
  'windows-1258': '247 43462307c7a50ab3',
  'windows-874': '225 a3647401c437a817',
  'tis-620': '215 03f9578b9ddea0fd',
  cp437: '256 eaf1228461d61137',
  cp737: '256 55eda2e00b2c63af',
  cp775: '256 6f3b81228e9a8109',
  cp850: '256 6f0bf0dddf165d9a',
  cp852: '256 10e5b21c88b8baf4',
  cp855: '256 81ba7e8f90d8778a',
  cp857: '253 a9be625d91685e47',
  cp858: '256 7ea20a2629f43001',
  cp860: '256 eca78b97411a2f68',
  cp861: '256 8dbbc6ca5c417a02',
  cp862: '256 06043e5815c9b23c',
  cp863: '256 cb89f5ad270cdf12',
  cp865: '256 9da1835ffc4cb53a',
  cp866: '256 0752cda6635dc49b',
  cp869: '247 4504222ac276998f',
  'koi8-r': '256 e3f3b2869507f133',
  'koi8-u': '256 9c56c1228a509d11',
  'mac-roman': '256 6d473f24961cb315',
  'mac-cyrillic': '256 fc767f33b6273a0b',
  shift_jis: '19103 3bc8243440130a24',
  'windows-31j': '21828 a0a33540921a560c',
  'euc-jp': '13137 6af0808e5894c2f1',
  'iso-2022-jp': '31744 c44a0204a16e04b0',
  gb2312: '7573 ee466ea8d7717f7f',
  gbk: '21919 754685963261f52c',
  gb18030: '78864 5cd1159a68258f1a',
  big5: '13838 a7e519fd9654cebf',
  'windows-950': '13880 da23b1a40937e298',
  'euc-kr': '8354 7f1f753377ba0edb',
  uhc: '17176 e6fa524da9354068',
};

test.each(tableNames)('%s is read as it always was', (encoding) => {
  const read = readerOf(encoding);
  const hash = createHash('sha256');
  let characters = 0;
  for (const code of everyCode(encoding)) {
    const text = read(code);
    if (text !== undefined) characters += 1;
    hash.update(`${code.toString('hex')} ${text}\n`);
  }
  expect(`${characters} ${hash.digest('hex').slice(0, 16)}`).toBe(fingerprints[encoding]);
});

describe('the tables of Node, where it has a name for the same table', () => {
  test.each([
    'iso-8859-2',
    'iso-8859-3',
    'iso-8859-4',
    'iso-8859-5',
    'iso-8859-6',
    'iso-8859-7',
    'iso-8859-8',
    'iso-8859-10',
    'iso-8859-13',
    'iso-8859-14',
    'iso-8859-15',
    'windows-1250',
    'windows-1251',
    'windows-1252',
    'windows-1253',
    'windows-1254',
    'windows-1255',
    'windows-1256',
    'windows-1257',
    'windows-1258',
    'koi8-r',
    'koi8-u',
    ['cp866', 'ibm866'],
    ['mac-roman', 'macintosh'],
    ['mac-cyrillic', 'x-mac-cyrillic'],
    ['windows-874', 'windows-874'],
    ['windows-31j', 'shift_jis'],
    'gbk',
    'gb18030',
  ] as const)('%s', (names) => {
    const [ours, theirs] = typeof names === 'string' ? [names, names] : names;
    const read = readerOf(ours);
    const platform = new TextDecoder(theirs, { fatal: true, ignoreBOM: true });
    // IBM's table of Shift_JIS, which is Node's, exchanges control characters.
    const codes = everyCode(ours).filter((code) => code.every((byte) => byte >= 0x20 && byte !== 0x7f));
    const other = codes.filter((code) => {
      const text = read(code);
      return text !== undefined && text !== textOf(code, platform);
    });
    expect(other.map((code) => code.toString('hex'))).toEqual(differing[ours] ?? []);
  });
});

/**
 * GB 18030 has U+E5E5 where browsers read the blank that old fonts showed. RFC 2319 has frames in KOI8-U where browsers read letters of
 * Belarusian.
 */
const differing: Readonly<Record<string, readonly string[]>> = {
  gb18030: ['a3a0'],
  'koi8-u': ['ae', 'be'],
};

function textOf(code: Buffer, decoder: InstanceType<typeof TextDecoder>): string | undefined {
  try {
    return decoder.decode(code);
  } catch {
    return undefined;
  }
}
