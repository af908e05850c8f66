import { expect, test } from 'vitest';
import { parseManifest } from '../../../lib/core/delivery/manifest.ts';
import { feedSchema } from '../../../lib/feed-file/feed.ts';
import { cpuTime } from '../../support/cpu-time.ts';

const specOf = (options: object) =>
  feedSchema.parse({
    feed: 'shop',
    source: { folder: '.' },
    ready: { manifest: { file: 'manifest', ...options } },
    tables: { t: { files: '*.csv', columns: { id: { type: 'bigint', key: true } } } },
  }).ready.manifest!;
const parse = (text: string, options: object = {}) =>
  Object.fromEntries(parseManifest(Buffer.from(text), specOf(options)));

const md5 = '0123456789abcdef0123456789abcdef';
const sha256 = md5 + md5;

test.each<[string, string, object, object]>([
  [
    'csv',
    `file,size,rows,md5,sha256\na.csv,10,2,${md5},${sha256}\n`,
    {},
    { 'a.csv': { size: 10, rows: 2, md5, sha256 } },
  ],
  ['only some facts, in any order', 'rows,file\n2,a.csv\n0,b.csv', {}, { 'a.csv': { rows: 2 }, 'b.csv': { rows: 0 } }],
  ['an empty field is no promise', 'file,size,rows\na.csv,,2\n', {}, { 'a.csv': { rows: 2 } }],
  [
    'other names, delimiter, quotes, CRLF, byte order mark',
    '\uFEFF"Name";"Rows"\r\n"out/a;1.csv";"2"\r\n\r\n',
    { delimiter: ';', columns: { file: 'Name', rows: 'Rows' } },
    { 'a;1.csv': { rows: 2 } },
  ],
  ['capital digits', `file,md5\na.csv,${md5.toUpperCase()}\n`, {}, { 'a.csv': { md5 } }],
  [
    'sha256sum and md5sum',
    `${sha256}  ./out/a.csv\n${md5} *b c.csv\n`,
    { format: 'checksums' },
    { 'a.csv': { sha256 }, 'b c.csv': { md5 } },
  ],
  ['a JSON list', '[{"file": "a.csv", "size": 10, "rows": null}]', { format: 'json' }, { 'a.csv': { size: 10 } }],
  [
    'a JSON object with a list in it',
    '{"date": "2026-11-20", "files": [{"n": "a.csv", "count": "2"}]}',
    { format: 'json', columns: { file: 'n', rows: 'count' } },
    { 'a.csv': { rows: 2 } },
  ],
])('%s', (_case, text, options, expected) => {
  expect(parse(text, options)).toEqual(expected);
});

test.each<[string, string, object, string]>([
  ['nothing at all', '', {}, 'line 1: expected a column "file", received ""'],
  ['no file', 'file,size\n', {}, 'the manifest: expected at least one file, received none'],
  ['another header', 'name,size\na.csv,1\n', {}, 'line 1: expected a column "file", received "name", "size"'],
  ['a line that is cut', 'file,size,rows\na.csv,1,2\nb.csv,1', {}, 'line 3: expected 3 fields, received 2'],
  ['no number', 'file,size\na.csv,1e3\n', {}, 'line 2: expected a whole number, received "1e3"'],
  ['a negative number', 'file,rows\na.csv,-1\n', {}, 'line 2: expected a whole number, received "-1"'],
  ['half a checksum', 'file,md5\na.csv,abc\n', {}, 'line 2: expected 32 hexadecimal digits, received "abc"'],
  ['a file twice', 'file,size\na.csv,1\nout/a.csv,2\n', {}, 'line 3: expected each file once, received "a.csv"'],
  ['a file without a name', 'file,size\n,1\n', {}, 'line 2: expected a name of a file under "file", received nothing'],
  [
    'a name of more than 255 bytes',
    `file\nüx${'y'.repeat(253)}\n`,
    {},
    `line 2: expected a name of at most 255 bytes, received "üx${'y'.repeat(78)}…"`,
  ],
  [
    'HTML',
    '<html>',
    { format: 'checksums' },
    'line 1: expected an MD5 or SHA-256 sum, two blanks and a file name, received "<html>"',
  ],
  ['half a JSON', '[{"file":', { format: 'json' }, 'the manifest: expected JSON, received something else'],
  ['JSON without a list', '{"a": 1}', { format: 'json' }, 'the manifest: expected one list of files, received 0 lists'],
  ['null', 'null', { format: 'json' }, 'the manifest: expected one list of files, received 0 lists'],
  [
    'a list of nulls',
    '[null]',
    { format: 'json' },
    'entry 1: expected a name of a file under "file", received nothing',
  ],
])('refuses %s', (_case, text, options, message) => {
  const thrown = (() => {
    try {
      return parse(text, options);
    } catch (error) {
      return error;
    }
  })();
  expect(thrown).toMatchObject({ name: 'MANIFEST_INVALID', state: 'refused', message });
});

/** As many bytes as a manifest may have, and each piece would become many times its bytes. */
const BYTES = 16_000_000;
const filled = (piece: string) => piece.repeat(BYTES / piece.length);

test.each<[string, string, object, string]>([
  [
    'files',
    `file,size\n${Array.from({ length: 120_001 }, (_, id) => `${id},1\n`).join('')}`,
    {},
    'at most 120000 files',
  ],
  ['fields', `file,size${filled(',a')}\n`, {}, 'line 1: expected at most 65536 characters, received'],
  ['checksums', filled(md5), { format: 'checksums' }, 'line 1: expected at most 65536 characters, received'],
  ['objects', `[${filled('{},')}{}]`, { format: 'json' }, 'at most 1200000 values'],
  ['lists', filled('[') + filled(']'), { format: 'json' }, 'at most 1200000 values'],
  ['numbers', `[${filled('0,')}0]`, { format: 'json' }, 'at most 1200000 values'],
])('refuses %s without end', async (_case, text, options, message) => {
  const thrown = expect.objectContaining({ name: 'MANIFEST_INVALID', message: expect.stringContaining(message) });
  const refuse = () => expect(() => parseManifest(Buffer.from(text), specOf(options))).toThrow(thrown);
  expect(await cpuTime(refuse)).toBeLessThan(5000);
});

test('a line end in each byte is no file', () => {
  const lines = Buffer.from(`file\na.csv\n${filled('\n')}`);
  expect([...parseManifest(lines, specOf({})).keys()]).toEqual(['a.csv']);
});
