import { expect, test } from 'vitest';
import { noSamples, type Samples } from '../../../lib/core/diff/samples.ts';
import type { Finding } from '../../../lib/core/guards/finding.ts';
import { showSamples, showText } from '../../../lib/core/guards/show-sample.ts';

test.each([
  ['plain', 'plain'],
  [null, 'null'],
  ['', ''],
  ['two\nlines\r', 'two\\nlines\\r'],
  ['\u202e'.repeat(200), `${'\\u{202e}'.repeat(31)}…`],
  ['\u001b[31mred', '\\u{1b}[31mred'],
  ['\u202egnp.exe', '\\u{202e}gnp.exe'],
  ['line\u2028end', 'line\\u{2028}end'],
  ['zero\u200bwidth', 'zero\\u{200b}width'],
  ["=cmd|'/c calc'!A1", "'=cmd|'/c calc'!A1"],
  ['@SUM(1)', "'@SUM(1)"],
  ['+1', '+1'],
  ['-12.50', '-12.50'],
  ['-1+cmd', "'-1+cmd"],
  ['-', "'-"],
])('%j is shown as %j', (text, shown) => {
  expect(showText(text)).toBe(shown);
});

const samples: Samples = {
  ...noSamples,
  gone: [{ key: { id: '1', region: 'n' }, before: { name: 'a', price: null } }],
  updated: [{ key: { id: '2' }, before: { name: 'old' }, after: { name: '=new()' } }],
  inserted: [{ key: { id: '3' }, after: { name: 'x' } }],
  nulls: { price: [{ key: { id: '4' }, before: { price: '1.00' }, after: { price: null } }] },
  rejected: [{ code: 'SCALE', column: 'price', key: '5', raw: '5,a,1.239' }],
};
const hold = (guard: Finding['guard'], column?: string): Finding => ({
  table: 't',
  guard,
  value: 1,
  limit: 0,
  unit: 'share',
  ...(column ? { column } : {}),
});

test.each<[Finding, string[]]>([
  [hold('MASS_DELETE'), ['id 1, region n | name: a, price: null']],
  [hold('ROWCOUNT_DROP'), ['id 1, region n | name: a, price: null']],
  [hold('MASS_UPDATE'), ["id 2 | name: old → '=new()"]],
  [hold('MASS_INSERT'), ['id 3 | name: x']],
  [hold('NULL_SHARE', 'price'), ['id 4 | price: 1.00 → null']],
  [hold('NULL_SHARE', 'other'), []],
  [hold('REJECTED_LIMIT'), ['SCALE price key 5 | 5,a,1.239']],
  [hold('SCHEMA_ADD'), []],
])('%j shows its rows', (of, lines) => {
  expect(showSamples(of, samples)).toEqual(lines);
});

test('lines of the delivery explain what is about its records', () => {
  const lines = { ...samples, signs: { BACKSLASHES: ['"1,a"'] } };
  expect(showSamples(hold('BACKSLASHES'), lines)).toEqual(['"1,a"']);
  expect(showSamples(hold('SWALLOWED_RECORDS'), samples)).toEqual([]);
});

test.each([
  [{ byte: 90 }, '"t.csv", byte 90, the last record: SYNTAX | END'],
  [{ byte: 90, record: 7 }, '"t.csv", record 7, the last record: SYNTAX | END'],
])('a record without a key has its place in the file, by its byte or its number: %j', (place, line) => {
  const unreadable = { code: 'SYNTAX', column: null, key: null, raw: 'END', file: 't.csv', isLast: true, ...place };
  expect(showSamples(hold('DELETES_SUSPENDED'), { ...samples, unreadable })).toEqual([line]);
});
