import { expect, test } from 'vitest';
import { newestMeaning } from '../../../../lib/core/expression/meaning.ts';
import { portablePattern } from '../../../../lib/core/expression/pattern.ts';
import { mayRetry } from '../../../../lib/core/sql/dialects/retrying-pattern.ts';

test.each([
  '',
  '.*',
  '.*foo',
  '[A-Z]{3}-\\d+',
  '\\d{4}-\\d{2}',
  '[a-z0-9.]+@[a-z0-9.-]+',
  '(EUR|USD|CHF)',
  '[A-Z]{2}\\d{2}[A-Z0-9]{11,30}',
  '[^,]*,[^,]*,[^,]*',
  '\\w+\\s\\w+',
  '[\\]\\[]+x',
  '(ab|cd)x*',
  'x*(ab|cd)',
  '[^\\t]*\\t\\d+',
])('%j is read at once, whatever the text', (pattern) => {
  expect(mayRetry(portablePattern(pattern, newestMeaning))).toBe(false);
});

test.each([
  '(a+)+b',
  '(ab)*',
  '(ab){3}',
  'a*a*b',
  '.*foo.*',
  '[^,]+;[^;]+',
  'x*(x|y)z*',
  'a+b?c',
  'a*b{0}a*c',
  '\\t*\\t*x',
  '(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)(a|a)',
])('%j may be tried in several ways', (pattern) => {
  expect(mayRetry(portablePattern(pattern, newestMeaning))).toBe(true);
});
