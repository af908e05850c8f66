import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitsWildcards } from '../../lib/core/wildcards.ts';

const wildcards = { anyText: '*', anyCharacter: '?' };
/** A whole character of two units, and each half of it alone. */
const letters = ['a', 'b', '\u{1f4cf}', '\ud83d', '\udccf'];
const textOf = (...from: string[]) => fc.array(fc.constantFrom(...from), { maxLength: 7 }).map((all) => all.join(''));

test('a text fits as the regular expression over its characters says, halves of characters too', () => {
  fc.assert(
    fc.property(textOf(...letters), textOf(...letters, '*', '?'), (text, pattern) => {
      const written = Array.from(pattern, (letter) => ({ '*': '[^]*', '?': '[^]' })[letter] ?? escaped(letter));
      expect(fitsWildcards(text, pattern, wildcards)).toBe(new RegExp(`^${written.join('')}$`, 'u').test(text));
    }),
    { numRuns: 5000 },
  );
});

const escaped = (letter: string) => `\\u{${letter.codePointAt(0)!.toString(16)}}`;
