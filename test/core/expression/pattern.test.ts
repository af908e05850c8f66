import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ExpressionFault } from '../../../lib/core/expression/fault.ts';
import { portablePattern } from '../../../lib/core/expression/pattern.ts';
import { duckdb } from '../../../lib/core/sql/dialects/dialect.ts';
import { letter, pattern } from '../../support/engines/random-pattern.ts';

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
});
afterAll(() => connection.closeSync());

const fits = (pattern: string, text: string) => new RegExp(`^(?:${portablePattern(pattern)})$`, 'u').test(text);

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
])('%j and %j: %s', (pattern, text, expected) => {
  if (expected === null) expect(() => portablePattern(pattern)).toThrow(ExpressionFault);
  else expect(fits(pattern, text)).toBe(expected);
});

describe('what engines read in different ways is refused', () => {
  test.each([
    '(?=a)',
    '(?<!a)',
    '(?<name>a)',
    '(?i)a',
    '\\1',
    '\\b',
    '\\p{L}',
    '\\Qa\\E',
    '\\x41',
    '\\u0041',
    'a*?',
    'a++',
    'a{1001}',
    'a{3,2}',
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
  ])('%j', (pattern) => {
    expect(() => portablePattern(pattern)).toThrow(ExpressionFault);
  });
});

test('any such pattern fits the same texts in DuckDB and in JavaScript', async () => {
  const text = fc.array(letter, { maxLength: 5 }).map((letters) => letters.join(''));
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(pattern, text), { minLength: 1, maxLength: 80 }), async (pairs) => {
      const columns = pairs.map(([of, on]) => duckdb.matches(duckdb.literal(on), portablePattern(of)));
      const [found] = (await connection.runAndReadAll(`SELECT ${columns.join(', ')}`)).getRows();
      expect(found).toEqual(pairs.map(([of, on]) => fits(of, on)));
    }),
    { numRuns: 60 },
  );
});
