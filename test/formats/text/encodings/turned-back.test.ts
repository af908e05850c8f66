import { describe, expect, test } from 'vitest';
import { decoderOf } from '../../../../lib/formats/text/encodings/decoder-of.ts';
import { singleByteTables } from '../../../../lib/formats/text/encodings/tables/single-bytes.ts';
import { isTurnedBack, TurnedBack } from '../../../../lib/formats/text/encodings/turned-back.ts';

const encodings = Object.keys(singleByteTables).filter(isTurnedBack);
const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

describe('the text of every encoding with a byte for each character tells all 256 bytes, whatever chunks it comes in', () => {
  test.each(encodings)('%s', (encoding) => {
    const text = decoderOf(encoding).decode(everyByte);
    for (const size of [1, 2, 7, text.length]) {
      const turnedBack = new TurnedBack(encoding);
      const found: Buffer[] = [];
      for (let at = 0; at < text.length; at += size) found.push(turnedBack.push(text.subarray(at, at + size)));
      expect(Buffer.concat(found).equals(everyByte)).toBe(true);
    }
  });
});

test('other encodings write some text in several ways', () => {
  for (const encoding of ['utf-8', 'utf-16', 'shift_jis', 'gb18030', 'ebcdic'])
    expect(isTurnedBack(encoding)).toBe(false);
});

test('text that no byte becomes is other bytes, so that the SHA-256 finds it', () => {
  const snowman = Buffer.from('a☃b');
  expect(new TurnedBack('latin-1').push(snowman).toString('latin1')).toBe('a?b');
});
