import fc from 'fast-check';
import { expect, test } from 'vitest';
import { excerpt, excerpts, shownJson, shownLines, shownText } from '../../lib/core/shown-text.ts';
import { cpuTime } from '../support/cpu-time.ts';

test.each([
  ['plain, with ü, 東京, ½ €', 'plain, with ü, 東京, ½ €'],
  ['\u001b[31mred\u0007', '\\u{1b}[31mred\\u{7}'],
  ['\u009b2J\u0085', '\\u{9b}2J\\u{85}'],
  ['two\r\nlines\tand a tab', 'two\\r\\nlines\\tand a tab'],
  ['\u202egnp.exe\u2066\u200e\u061c', '\\u{202e}gnp.exe\\u{2066}\\u{200e}\\u{61c}'],
  ['line\u2028paragraph\u2029', 'line\\u{2028}paragraph\\u{2029}'],
  ['\u0000\ud800\ue000\ufeff\u{e0041}', '\\u{0}\\u{d800}\\u{e000}\\u{feff}\\u{e0041}'],
  ['\u3164\u115f\u034f\u{e0100}', '\\u{3164}\\u{115f}\\u{34f}\\u{e0100}'],
  ['a heart ❤️', 'a heart ❤️'],
])('%j is shown as %s', (text, shown) => {
  expect(shownText(text)).toBe(shown);
});

test.each([
  ['a "b" \\', '"a \\"b\\" \\\\"'],
  ['u\u0308\u00a0\n\u009b', '"u\\u{308}\\u{a0}\\n\\u{9b}"'],
  ['x'.repeat(161), `"${'x'.repeat(160)}…"`],
])('%j as a part of a sentence is %s', (text, quoted) => {
  expect(excerpt(text)).toBe(quoted);
});

test('of many names the first are told', () => {
  expect(excerpts(['a', 'b'], { told: 2 })).toBe('"a", "b"');
  expect(excerpts(['a', 'b', 'c', 'd'], { told: 2 })).toBe('"a", "b" and 2 more');
});

test.each([
  ['abcd', 4, 'abcd'],
  ['abcde', 4, 'abcd…'],
  // No escape is cut in the middle, nor a pair.
  ['abc\u001b', 8, 'abc…'],
  ['abc\u001b', 9, 'abc\\u{1b}'],
  ['ab😀', 3, 'ab…'],
])('%j in %i characters is %s', (text, most, shown) => {
  expect(shownText(text, most)).toBe(shown);
});

test('a message keeps its lines, and is cut by bytes', () => {
  expect(shownLines('a\nb\u2028c')).toBe('a\nb\\u{2028}c');
  expect(shownLines('東京東京', 11)).toBe('東京…');
  expect(shownLines('東京東京', 12)).toBe('東京東京');
});

test('JSON of it is the same to its reader', () => {
  const value = { 'a\u009b': ['\u202e\u2028\u{e0041}\u007f', 1, null, 'ü'] };
  const json = shownJson(value);
  expect(json).toBe('{"a\\u009b":["\\u202e\\u2028\\udb40\\udc41\\u007f",1,null,"ü"]}');
  expect(JSON.parse(json)).toEqual(value);
});

/** Every kind of character, hidden ones above all. */
const anything = fc.array(
  fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('\u001b', '\u009b', '\u202e', '\ud800', '\\', '"', '\n', '😀'),
  ),
);

test('whatever comes, nothing is hidden, limits hold, and what is shown stays as it is', () => {
  fc.assert(
    fc.property(anything, fc.integer({ min: 3, max: 40 }), (pieces, most) => {
      const text = pieces.join('');
      const hidden = /[\p{C}\p{Zl}\p{Zp}]/u;
      const line = shownText(text, most);
      const lines = shownLines(text, most);
      const quoted = excerpt(text, most);
      for (const shown of [line, lines.replaceAll('\n', ''), quoted, shownJson(text)])
        expect(shown).not.toMatch(hidden);
      expect(line.length).toBeLessThanOrEqual(most + 1);
      expect(Buffer.byteLength(lines)).toBeLessThanOrEqual(most);
      expect(quoted.length).toBeLessThanOrEqual(most + 3);
      expect(JSON.parse(shownJson(text))).toBe(text);
      const whole = shownText(text);
      expect(shownText(whole)).toBe(whole);
    }),
  );
});

test('megabytes take no time', async () => {
  const text = '\u001b'.repeat(15_000_000);
  const taken = await cpuTime(() => {
    expect(shownText(text, 100).length).toBeLessThan(102);
    expect(Buffer.byteLength(shownLines(text, 2048))).toBeLessThanOrEqual(2048);
    expect(excerpt(text).length).toBeLessThan(164);
  });
  expect(taken).toBeLessThan(400);
});
