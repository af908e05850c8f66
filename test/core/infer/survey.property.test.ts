import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TextSurvey } from '../../../lib/core/infer/text/survey.ts';

const pieces = ['a', 'é', '€', '😀', '\n', '\r\n', '\r', '\n\n'].map((text) => Buffer.from(text));
const texts = fc.array(fc.constantFrom(...pieces, Buffer.from([0xe4]), Buffer.from([0x81])), { maxLength: 40 });

function surveyed(bytes: Buffer, cuts: readonly number[], wide?: 'utf-16le' | 'utf-16be'): TextSurvey {
  const survey = new TextSurvey(wide);
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  for (const [index, from] of places.entries()) survey.push(bytes.subarray(from, places[index + 1]));
  return survey;
}

function endOf(text: string) {
  const lines = text.split(/\r\n|\n|\r/).filter((line) => line !== '');
  return { lines: lines.length, last: lines.at(-1) ?? '', before: lines.at(-2) ?? '', isEnded: /[\r\n]$/.test(text) };
}

test('a survey says of bytes in pieces what they say as a whole', () => {
  fc.assert(
    fc.property(texts, fc.array(fc.nat()), (all, cuts) => {
      const bytes = Buffer.concat(all);
      // The end of what was seen may cut a character.
      const survey = surveyed(Buffer.concat([bytes, Buffer.from('\n')]), cuts);
      expect(survey.isUtf8).toBe(isUtf8(bytes));
      expect(survey.hasUnassigned).toBe([0x81, 0x8d, 0x8f, 0x90, 0x9d].some((byte) => bytes.includes(byte)));
      const encoding = survey.isUtf8 ? 'utf-8' : 'windows-1252';
      expect(survey.end(encoding)).toEqual(endOf(`${new TextDecoder(encoding).decode(bytes)}\n`));
    }),
  );
});

test('and so it says of UTF-16, which the cuts may hit anywhere', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'é', '😀', '\n', '\r\n', '\u0a0d')), fc.array(fc.nat()), (all, cuts) => {
      const text = all.join('');
      const bytes = Buffer.from(text, 'utf16le');
      expect(surveyed(bytes, cuts, 'utf-16le').end('utf-16')).toEqual(endOf(text));
      expect(surveyed(Buffer.from(bytes).swap16(), cuts, 'utf-16be').end('utf-16')).toEqual(endOf(text));
    }),
  );
});
