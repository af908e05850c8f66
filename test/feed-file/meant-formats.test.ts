import { expect, test } from 'vitest';
import { warningsOf } from '../../lib/core/feed/warnings/warnings.ts';
import { feedSchema } from '../../lib/feed-file/feed.ts';
import { formats } from '../../lib/formats/index.ts';
import { complaintsOf, good } from './complaints.ts';

const withFormat = (format: string) => good.replace(/^( *)files:/m, `$1format: ${format}\n$1files:`);

/** What people write, and what they are told. */
test.each([
  ['parquet', 'expected options by name, such as {type: parquet}, received "parquet"'],
  ['excel', 'expected options by name, such as {type: csv}, received "excel"'],
  ['{type: tsv}', 'did you mean {type: csv, delimiter: "\\t"}?'],
  ['{type: JSONL}', 'did you mean {type: ndjson}?'],
  ['{type: xlsx}', 'xlsx is not read, so ask the vendor for one of these'],
  ['{type: elephant}', 'expected csv, fixed-width, ndjson, json, sql or parquet, received'],
  ['{encoding: cp037}', 'EBCDIC is not read: have the file converted'],
  ['{encoding: IBM-1047}', 'EBCDIC is not read: have the file converted'],
  ['{encoding: ansi}', 'did you mean windows-1252?'],
  ['{encoding: cp1257x}', 'did you mean windows-1257?'],
])('format: %s', (format, told) => {
  expect(complaintsOf(withFormat(format))).toContain(told);
});

test.each([
  [
    '\\t',
    [
      'tables.items.format.delimiter: is a backslash and what follows it, 2 characters; for the one character that is meant write it in double quotes: "\\t"',
    ],
  ],
  [
    '\\x01',
    [expect.stringContaining('4 characters; for the one character that is meant write it in double quotes: "\\x01"')],
  ],
  ['\t', []],
  ['||', []],
])('a delimiter %j', (delimiter, warnings) => {
  const columns = { id: { type: 'bigint', key: true } };
  const tables = { items: { files: 'items.csv', format: { delimiter }, columns } };
  expect(warningsOf(feedSchema.parse({ feed: 'shop', source: { folder: 'in' }, tables }), formats)).toEqual(warnings);
});
