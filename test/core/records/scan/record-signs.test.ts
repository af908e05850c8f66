import { describe, expect, test } from 'vitest';
import { recordTextOf } from '../../../../lib/core/feed/descriptors/format-descriptor.ts';
import type { ReadingColumn } from '../../../../lib/core/feed/reading-spec.ts';
import { recordSyntaxOf } from '../../../../lib/core/records/record-syntax.ts';
import { RecordSigns } from '../../../../lib/core/records/scan/record-signs.ts';
import { StructuralScan } from '../../../../lib/core/records/scan/scan.ts';
import { feedSchema } from '../../../../lib/feed-file/feed.ts';

type Types = Record<string, ReadingColumn['type']>;

const ids: Types = { id: 'bigint', name: 'text', note: 'text' };
const texts: Types = { sku: 'text', name: 'text', note: 'text' };

/** `size`: of the chunks in which the data comes. */
function signsOf(data: string, types: Types = ids, { size = 1e6, ...more }: { size?: number; quote?: string } = {}) {
  const { t } = feedSchema.parse({
    feed: 'a',
    source: { folder: '.' },
    tables: { t: { files: '*', format: more, columns: { id: { type: 'text', key: true } } } },
  }).tables;
  const format = recordTextOf(t!.format);
  const columns = Object.entries(types).map(([name, type]) => ({ name, type, key: false, required: false }));
  const signs = new RecordSigns(Object.keys(types), columns, format);
  const scan = new StructuralScan({ dialect: recordSyntaxOf(format), fields: columns.length, recordEnd: '\n', signs });
  const bytes = Buffer.from(data);
  for (let at = 0; at < bytes.length; at += size) scan.push(bytes.subarray(at, at + size));
  scan.finish();
  return signs.found;
}

const records = (from: number, to: number, first = (index: number) => String(index)) =>
  Array.from({ length: to - from }, (_, index) => `${first(from + index)},part ${from + index},note\n`).join('');
const sku = (index: number) => `AB-${1000 + index}`;

describe('records within a field', () => {
  test.each<[string, string, Types, string | null]>([
    ['a quote lost in the first column', `${records(0, 9)}"9,a,b\n${records(10, 20)}20",c,d\n`, ids, 'id'],
    ['in the last one', `${records(0, 9)}9,a,"b\n${records(10, 20)}20,c,d"\n`, ids, 'note'],
    ['in the first record', `0,"a,b\n${records(1, 9)}9,c",d\n`, ids, 'name'],
    ['with text keys', `${records(0, 9, sku)}AB-1009,"a,b\n${records(10, 20, sku)}AB-1020,c",d\n`, texts, 'name'],
    ['just three', `1,"see\n2,a,b\n3,c,d\n4,e,f\nend",x\n`, ids, 'name'],
    ['three and nothing else', `1,"2,a,b\n3,c,d\n4,e,f",x\n`, ids, 'name'],
    ['quotes of empty fields among them', `1,"a,b\n2,"",b\n3,"",d\n4,"",f\n5,c",x\n`, ids, 'name'],
    ['a record that the quote breaks', `1,"a,b\n${records(2, 9)}9,"c",d\n`, ids, null],
  ])('%s', (_about, data, types, column) => {
    for (const size of [1e6, 1, 7])
      expect(signsOf(data, types, { size }).swallowed).toMatchObject([{ column, fields: 1 }]);
  });

  test('with their place and first lines, harmless', () => {
    const data = `${records(0, 3)}3,"\x1b[31m${'x'.repeat(200)}\n${records(4, 8)}8,c",d\n`;
    const [found] = signsOf(data).swallowed;
    expect(found).toMatchObject({ record: 4, byte: Buffer.byteLength(records(0, 3)) + 3, lines: 4 });
    expect(found!.shown).toEqual([expect.stringMatching(/^"\\u001b\[31mx+…"$/), '"4,part 4,note"', '"5,part 5,note"']);
  });

  // After fields of public files: addresses, reviews, logs, code, lists, CSV and JSON within CSV.
  test.each<[string, string, Types?]>([
    ['addresses', '12 Main St, Springfield, IL\n14 High St, Dover, DE\n9 Elm St, Salem, OR\n1 Oak Ave, Bend, OR'],
    ['addresses in a table of texts', 'Main St 12, Springfield, IL\nHigh St 14, Dover, DE\nElm St 9, Salem, OR', texts],
    [
      'a review',
      'Great product, fast, cheap.\nWould buy, again, any time.\nThanks, seller, really!\nBye, now, folks',
      texts,
    ],
    [
      'a log',
      '2024-01-01 10:00:00,123 INFO start, ok\n2024-01-01 10:00:01,456 WARN slow, retry\n2024-01-01 10:00:02,1 INFO end, ok',
    ],
    ['code', 'f(a, b, c)\nif (x, y) {\n  g(1, 2, 3);\n  h(4, 5, 6);\n}'],
    ['CSV of another shape', 'a,b\n1,2\n3,4\n5,6'],
    ['CSV of another kind', 'name,city,zip\nAnn,Bonn,53111\nBob,Köln,50667\nCid,Trier,54290'],
    ['a numbered list', '1. first, of all\n2. second, then\n3. third, last'],
    [
      'amounts in a table of two columns',
      'Rent: 1,200\nFood: 300\nTotal: 1,500\nPaid in cash',
      { id: 'bigint', note: 'text' },
    ],
    ['JSON', '{""a"": 1,\n""b"": 2,\n""c"": [1, 2, 3]\n}'],
    ['two lines like records', 'see\n7,a,b\n8,c,d\nand so on'],
  ])('not %s', (_about, text, types = ids) => {
    const first = types === texts ? sku : String;
    const rest = Object.keys(types).length === 2 ? '' : ',x';
    const before = Array.from({ length: 9 }, (_, index) => `${first(index)},plain${rest}\n`).join('');
    expect(signsOf(`${before}${first(9)},"${text}"${rest}\n`, types).swallowed).toEqual([]);
  });

  test('not of one column, where every line looks like a record', () => {
    expect(signsOf('1\n"2\n3\n4\n5\n6"\n7\n', { id: 'text' }).swallowed).toEqual([]);
  });
});

test('the longest record, in bytes and lines', () => {
  expect(signsOf('1,a,b\n2,"c\nd\r\ne",f\n3,g,h\n').longest).toEqual({ bytes: 13, lines: 3 });
});

describe('backslashes', () => {
  test.each<[string, string, object | null, string?]>([
    ['none', '1,a,b\n', null],
    ['before a delimiter, a quote and a line end', '1,a\\,b\n2,"a\\",b\n3,a,b\\\n', { breaking: 3, plain: 0 }],
    ['before a quote that breaks the record', '1,"a\\"b",c\n', { breaking: 1 }],
    ['before a line end within quotes', '1,"a\\\nb",c\n', { breaking: 1 }],
    ['doubled, and as null', '1,a\\\\b,c\n2,\\N,b\n', { doubled: 1, nulls: 1, breaking: 0 }],
    ['of folders', '1,C:\\data\\,b\n', { breaking: 1, plain: 1, escapes: 1 }],
    ['of JSON, where quotes are doubled', '1,"{""a"":""b\\""c""}",d\n', null],
    ['where nothing is quoted', '1,a\\"b,c\n', null, ''],
  ])('%s', (_about, data, expected, quote = '"') => {
    for (const size of [1e6, 1, 3]) {
      const { backslashes } = signsOf(data, ids, { size, quote });
      if (expected) expect(backslashes).toMatchObject(expected);
      else expect(backslashes).toBeNull();
    }
  });
});
