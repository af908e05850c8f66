import { expect, test } from 'vitest';
import { encodingLike, encodingNamed } from '../../../../lib/formats/text/encodings/named.ts';
import { encodingNames, encodings, oftenMeant } from '../../../../lib/formats/text/encodings/names.ts';

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
