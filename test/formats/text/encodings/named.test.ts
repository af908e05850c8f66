import { expect, test } from 'vitest';
import { readingSpecHash, readingSpecOf } from '../../../../lib/core/feed/reading-spec.ts';
import { encodingLike, encodingNamed } from '../../../../lib/formats/text/encodings/named.ts';
import { encodingNames, encodings, oftenMeant } from '../../../../lib/formats/text/encodings/names.ts';
import { parseFeed } from '../../../support/parse-feed.ts';

test('each name is that of one encoding, and none is written twice', () => {
  const all = encodingNames.flatMap((name) => [name, ...encodings[name].also].map((spelling) => [spelling, name]));
  expect(all.filter(([spelling, name]) => encodingNamed(spelling!) !== name)).toEqual([]);
  const bare = all.map(([spelling]) => spelling!.replace(/[-_]/g, ''));
  expect(bare.filter((spelling, index) => bare.indexOf(spelling) !== index)).toEqual([]);
  for (const name of encodingNames) expect([...encodingNames, undefined]).toContain(oftenMeant(name));
});

test.each([
  ['utf8', 'utf-8'],
  ['UTF-16LE', 'utf-16le'],
  ['latin1', 'latin-1'],
  ['ISO-8859-1', 'latin-1'],
  ['iso_8859_15', 'iso-8859-15'],
  ['ISO8859-15', 'iso-8859-15'],
  ['ISO 8859-2', 'iso-8859-2'],
  ['windows1252', 'windows-1252'],
  ['CP1252', 'windows-1252'],
  ['WIN1250', 'windows-1250'],
  ['latin5', 'iso-8859-9'],
  ['ISO-8859-8-I', 'iso-8859-8'],
  ['latin9', 'iso-8859-15'],
  ['IBM850', 'cp850'],
  ['cp-437', 'cp437'],
  ['Shift-JIS', 'shift_jis'],
  ['cp932', 'windows-31j'],
  ['EUC_JP', 'euc-jp'],
  ['cp949', 'uhc'],
  ['KOI8R', 'koi8-r'],
  ['macintosh', 'mac-roman'],
  ['ascii', 'us-ascii'],
])('%s is %s', (spelling, name) => {
  expect(encodingNamed(spelling)).toBe(name);
});

test.each([
  ['utf-9', 'utf-8'],
  ['windows-1552', 'windows-1252'],
  ['shift_jsi', 'shift_jis'],
  ['latin', 'latin-1'],
  ['gb18300', 'gb18030'],
  ['mac-romann', 'mac-roman'],
  ['ebcdic', undefined],
  ['unicode', undefined],
  ['ksc5601', undefined],
  ['', undefined],
  ['x'.repeat(100_000), undefined],
])('%s is none; like it is %s', (spelling, like) => {
  expect(encodingNamed(spelling)).toBeUndefined();
  expect(encodingLike(spelling)).toBe(like);
});

test('however a name is spelt, a feed reads as before', () => {
  const hashOf = (encoding: string) =>
    readingSpecHash(
      readingSpecOf(
        parseFeed(
          `
feed: shop
source: {folder: "./in"}
ready: {stable: 1s}
tables:
  items:
    files: "items.csv"
    format: {encoding: ${encoding}}
    columns: {id: {type: bigint, key: true}}
`,
          'feed.yaml',
        ).tables.items!,
      ),
    );
  // What a version wrote that knew four encodings.
  expect(hashOf('latin-1')).toBe('aa4d4c54401e');
  expect(hashOf('windows-1252')).toBe('ad0129db3b00');
  for (const spelling of ['latin1', 'ISO-8859-1', 'Latin_1']) expect(hashOf(spelling)).toBe(hashOf('latin-1'));
  expect(hashOf('CP1252')).toBe(hashOf('windows-1252'));
});
