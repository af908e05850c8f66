import { isAscii, isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EncodingName } from '../../../lib/formats/text/encodings/names.ts';
import { transcoding } from '../../../lib/formats/text/transcode.ts';
import { Utf8Watch } from '../../../lib/formats/text/utf8-watch.ts';
import { everyCode, readerOf } from '../../support/formats/every-code.ts';

/** Languages that are written in these encodings. */
const languages = {
  'windows-1250': ['pl', 'cs'],
  'iso-8859-2': ['pl', 'cs'],
  'latin-1': ['de', 'fr'],
  'windows-1252': ['fr', 'is'],
  'windows-1251': ['ru', 'uk'],
  'iso-8859-5': ['ru', 'sr'],
  'koi8-u': ['uk'],
  cp866: ['ru', 'be'],
  cp855: ['ru', 'sr'],
  cp869: ['el'],
  'windows-1256': ['ar', 'ur'],
  'windows-874': ['th'],
  'mac-roman': ['fr'],
  shift_jis: ['ja'],
  'windows-31j': ['ja'],
  'euc-jp': ['ja'],
  gb2312: ['zh'],
  gbk: ['zh', 'zh-Hant'],
  gb18030: ['zh'],
  big5: ['zh-Hant'],
  'euc-kr': ['ko'],
  uhc: ['ko'],
} satisfies Partial<Record<EncodingName, readonly string[]>>;
const each = Object.entries(languages).flatMap(([encoding, list]) =>
  list.map((language) => [encoding as EncodingName & keyof typeof languages, language] as const),
);

describe('names of countries and languages, in small letters and in capitals', () => {
  test.each(each)('%s, %s: ten of them are never taken for UTF-8', (encoding, language) => {
    for (const names of [namesIn(language), namesIn(language).map((name) => name.toLocaleUpperCase(language))]) {
      const lines = encoded(names, encoding);
      expect(lines.length).toBeGreaterThan(40);
      expect(watched(lines)).toMatchObject({ isUtf8: false, notes: [] });
      for (let at = 0; at + 10 <= lines.length; at += 10) {
        const { isUtf8, others } = watched(lines.slice(at, at + 10));
        if (others > 0) expect(isUtf8, `${at}`).toBe(false);
      }
    }
  });

  test.each(each)(
    '%s, %s: in UTF-8 they are refused, whatever single bytes stand beside them',
    (encoding, language) => {
      const lines = namesIn(language).map((name) => Buffer.from(`${name}\n`));
      const bad = Buffer.from([0xfc, 0x0a, 0xc3, 0x0a, 0xff, 0xb1, 0x0a]);
      const read = transcoding({ type: 'csv', encoding })!;
      expect(() => {
        for (const line of lines.toSpliced(lines.length / 2, 0, bad)) read.push(line);
        read.finish();
      }).toThrow(/^the file is UTF-8: \d+ character\(s\) .* only 4 byte\(s\) belong to none; expected /);
    },
  );

  test('some in UTF-8 among others are noted', () => {
    const lines = [...encoded(namesIn('fr'), 'latin-1'), ...namesIn('fr').map((name) => Buffer.from(`${name}\n`))];
    const { isUtf8, notes } = watched(lines);
    expect(isUtf8).toBe(false);
    expect(notes).toEqual([expect.stringMatching(/^\d+ character\(s\) are valid UTF-8, beside \d+ other byte/)]);
  });
});

test('what is valid UTF-8 is counted as the platform reads it, however the bytes come', () => {
  const some = fc.constantFrom('a', 'é', '€', '😀', '\n').map((text) => Buffer.from(text));
  const byte = fc.integer({ min: 0x80, max: 0xff }).map((code) => Buffer.of(code));
  fc.assert(
    fc.property(fc.array(fc.oneof(some, byte), { maxLength: 8 }), fc.integer({ min: 1, max: 5 }), (parts, size) => {
      const bytes = Buffer.concat(parts);
      const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      );
      const { characters, others } = watched(chunks);
      expect(others === 0).toBe(isUtf8(bytes));
      if (others === 0) expect(characters).toBe([...bytes.toString()].filter((one) => one > '\x7f').length);
      if (isAscii(bytes)) expect([characters, others]).toEqual([0, 0]);
    }),
    { numRuns: 2000 },
  );
});

test('what stands between runs of ASCII is counted as it is byte by byte, wherever in memory it stands', () => {
  const some = fc.constantFrom('é', '€', '😀').map((text) => Buffer.from(text));
  const bytes = fc.uint8Array({ min: 0x7e, maxLength: 3 }).map((codes) => Buffer.from(codes));
  const run = fc.nat({ max: 40 }).map((length) => Buffer.alloc(length, 'a'));
  fc.assert(
    fc.property(fc.array(fc.oneof(some, bytes, run), { maxLength: 12 }), fc.nat({ max: 7 }), (parts, at) => {
      const whole = Buffer.concat([Buffer.alloc(at), ...parts]).subarray(at);
      for (let cut = 0; cut <= whole.length; cut++) {
        const { characters, others } = watched([whole.subarray(0, cut), whole.subarray(cut)]);
        expect({ characters, others }).toEqual(countedOneByOne(whole));
      }
    }),
    { numRuns: 300 },
  );
});

function countedOneByOne(bytes: Buffer) {
  let [characters, others] = [0, 0];
  for (let at = 0; at < bytes.length; ) {
    const length = [1, 2, 3, 4].find((most) => at + most <= bytes.length && isUtf8(bytes.subarray(at, at + most)));
    if (length === undefined) others += 1;
    else if (length > 1) characters += 1;
    at += length ?? 1;
  }
  return { characters, others };
}

function watched(chunks: readonly Buffer[]): Utf8Watch {
  const watch = new Utf8Watch();
  for (const chunk of chunks) watch.push(chunk);
  return watch;
}

function namesIn(language: string): string[] {
  const letters = Array.from({ length: 26 }, (_, index) => String.fromCharCode(65 + index));
  const pairs = letters.flatMap((first) => letters.map((second) => first + second));
  const named = (type: 'region' | 'language', codes: readonly string[]) => {
    const names = new Intl.DisplayNames([language], { type, fallback: 'none' });
    return codes.flatMap((code) => names.of(code) ?? []);
  };
  const all = [
    ...named('region', pairs),
    ...named(
      'language',
      pairs.map((pair) => pair.toLowerCase()),
    ),
  ];
  return all.filter((name) => !isAscii(Buffer.from(name)));
}

/** A line of each text that the encoding can write. */
function encoded(texts: readonly string[], encoding: keyof typeof languages): Buffer[] {
  const read = readerOf(encoding);
  const codes = new Map(everyCode(encoding).flatMap((code) => [[read(code), code]] as const));
  return texts.flatMap((text) => {
    const bytes = [...text].map((character) => codes.get(character));
    return bytes.every((code) => code !== undefined) ? [Buffer.concat([...bytes, Buffer.from('\n')])] : [];
  });
}
