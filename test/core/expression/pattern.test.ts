import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ExpressionFault } from '../../../lib/core/expression/fault.ts';
import { newestMeaning } from '../../../lib/core/expression/meaning.ts';
import { portablePattern } from '../../../lib/core/expression/pattern.ts';
import { duckdb } from '../../../lib/core/sql/dialects/dialect.ts';
import { letter, pattern } from '../../support/engines/random-pattern.ts';

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
});
afterAll(() => connection.closeSync());

const fits = (pattern: string, text: string) =>
  new RegExp(`^(?:${portablePattern(pattern, newestMeaning)})$`, 'u').test(text);

test.each([
  ['[A-Z]{3}-\\d+', 'ABC-12', true],
  ['[A-Z]{3}-\\d+', 'xABC-12', false],
  ['^a|b', 'a', null],
  ['^ab$', 'ab', true],
  ['a$b', 'ab', null],
  ['(?:ab)+c?', 'ababc', true],
  ['.', '\n', false],
  ['.', '📏', true],
  ['\\.', 'x', false],
  ['[^a-c]', 'd', true],
  ['[a&&b]', '&', true],
  ['[\\]\\[]', ']', true],
  ['\\w+\\s\\w+', 'ä b', false],
  ['a{2,3}', 'aaaa', false],
  ['', '', true],
  ['a|', '', true],
  ['a|b\\$', 'b$', true],
  ['\\-\\_\\@\\é', '-_@é', true],
  ['[a\\-z]', 'm', false],
  ['a{02}', 'aa', true],
  ['a{02}', 'a{02}', false],
  ['(a{100}){10}', 'a'.repeat(1000), true],
])('%j and %j: %s', (pattern, text, expected) => {
  if (expected === null) expect(() => portablePattern(pattern, newestMeaning)).toThrow(ExpressionFault);
  else expect(fits(pattern, text)).toBe(expected);
});

describe('what engines read in different ways is refused', () => {
  test.each([
    '(?=a)',
    '(?<!a)',
    '(?<name>a)',
    '(?i)a',
    '(?i:a)',
    '(?>a)',
    '(?#a)',
    '(?P<name>a)',
    '\\k<name>',
    '\\1',
    '\\b',
    '\\p{L}',
    '\\Qa\\E',
    '\\x41',
    '\\u0041',
    '\\u{41}',
    '\\cA',
    '\\0',
    '[\\b]',
    'a*?',
    'a++',
    'a{1001}',
    'a{3,2}',
    'a{,3}',
    'a{ 3}',
    'a{+3}',
    '{',
    'a{',
    '[',
    '[]',
    '[^]',
    '[z-a]',
    '[a-\\d]',
    '[[:alpha:]]',
    '(',
    ')',
    'a)',
    '*',
    '\\',
    '\\D',
    '\ud800',
    '[\ud800-\udfff]',
    '[a\udc00]',
  ])('%j', (pattern) => {
    expect(() => portablePattern(pattern, newestMeaning)).toThrow(ExpressionFault);
  });
});

test.each([
  ['repetitions within one another', '(a{100}){11}', 'come to more than 1000 together'],
  ['repetitions at least so often', '(a{2,}){501}', 'come to more than 1000 together'],
  ['classes of characters of several bytes', '[^é]{500}'.repeat(90), 'too large'],
])('DuckDB would refuse at night: %s', async (_what, written, reason) => {
  expect(() => portablePattern(written, newestMeaning)).toThrow(reason);
  const sql = duckdb.matches("'a'", portablePattern(written, 2));
  await expect(connection.run(`SELECT ${sql}`)).rejects.toThrow(/invalid repetition size|too large/);
});

test.each([
  ['a{02}b', 'a\\x7b02\\x7db', 'a{2}b'],
  ['(ab){1,03}', '(?:ab)\\x7b1\\x2c03\\x7d', '(?:ab){1,3}'],
  ['a{2,2}[b]{0,}', 'a{2}[b]{0,}', 'a{2}[b]{0,}'],
])('%s before and since counts may begin with a zero', (written, before, since) => {
  expect([portablePattern(written, 2), portablePattern(written, 3)]).toEqual([before, since]);
});

test('any such pattern fits the same texts in DuckDB and in JavaScript', async () => {
  const text = fc.array(letter, { maxLength: 5 }).map((letters) => letters.join(''));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(pattern, text), { minLength: 1, maxLength: 80 }), async (pairs) => {
      const columns = pairs.map(([of, on]) => duckdb.matches(duckdb.literal(on), portablePattern(of, newestMeaning)));
      const [found] = (await connection.runAndReadAll(`SELECT ${columns.join(', ')}`)).getRows();
      expect(found).toEqual(pairs.map(([of, on]) => fits(of, on)));
    }),
    { numRuns: 60 },
  );
});
