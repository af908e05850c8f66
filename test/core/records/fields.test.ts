import { expect, test } from 'vitest';
import { splitRecord } from '../../../lib/core/records/fields.ts';

const comma = { delimiter: 44, quote: 34 };
const plain = (text: string) => ({ text, quoted: false });
const quoted = (text: string) => ({ text, quoted: true });

test.each([
  ['1,é,b\n', [plain('1'), plain('é'), plain('b')]],
  ['1,a\r\n', [plain('1'), plain('a')]],
  ['1,a\r', [plain('1'), plain('a')]],
  ['1,a', [plain('1'), plain('a')]],
  ['1,"a\n"', [plain('1'), quoted('a\n')]],
  ['"a\r\n"\r\n', [quoted('a\r\n')]],
  [',"",\n', [plain(''), quoted(''), plain('')]],
  ['"a,""b""",""""\n', [quoted('a,"b"'), quoted('"')]],
  ['"a\\",b\n', [quoted('a\\'), plain('b')]],
  ['\n', [plain('')]],
  ['""', [quoted('')]],
])('%j', (record, fields) => {
  expect(splitRecord(Buffer.from(record), comma)).toEqual(fields);
});

test('other delimiter and quote, and none', () => {
  expect(splitRecord(Buffer.from(`'a''|'|"b"\n`), { delimiter: 124, quote: 39 })).toEqual([
    quoted("a'|"),
    plain('"b"'),
  ]);
  expect(splitRecord(Buffer.from('"a\t"\n'), { delimiter: 9, quote: -1 })).toEqual([plain('"a'), plain('"')]);
});

test('a million quotes in one field', () => {
  const [first] = splitRecord(Buffer.from(`"${'""'.repeat(500_000)}",b\n`), comma);
  expect(first).toEqual(quoted('"'.repeat(500_000)));
});
