import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deliveredColumnsOf, readingSpecOf } from '../../../lib/core/feed/reading-spec.ts';
import type { LandedFile } from '../../../lib/core/run/pull-receipt.ts';
import { feedSchema } from '../../../lib/feed-file/feed.ts';
import { csv } from '../../../lib/formats/csv/descriptor.ts';
import type { CsvFormat } from '../../../lib/formats/csv/options.ts';
import { fileBytes } from '../../../lib/steps/landing/file-bytes.ts';
import { landFile } from '../../../lib/steps/landing/landing.ts';
import { noLocalFile } from '../../support/formats/local-file.ts';
import { inMemoryStore } from '../../support/in-memory/store.ts';

/** Ways to write the same rows, each with the options that read it. */
const forms: Readonly<Record<string, { options: object; write(lines: readonly string[]): Buffer; isCopied: boolean }>> =
  {
    plain: { options: {}, write: (lines) => utf8(['id,name', ...lines]), isCopied: false },
    'with a mark': { options: {}, write: (lines) => utf8(['\ufeffid,name', ...lines]), isCopied: false },
    'with lines before and behind': {
      options: { leader: 'HDR|*', trailer: ['END', 'TRL,{rows}'] },
      write: (lines) => utf8(['HDR|x', 'id,name', ...lines, 'END', `TRL,${lines.length}`]),
      isCopied: false,
    },
    'with an end mark': {
      options: {},
      write: (lines) => Buffer.concat([utf8(['id,name', ...lines]), Buffer.from('\x1a')]),
      isCopied: false,
    },
    'without its last line end': {
      options: { allow_missing_final_newline: true },
      write: (lines) => utf8(['id,name', ...lines]).subarray(0, -1),
      isCopied: false,
    },
    'with a left-out tail': {
      options: { skip: { head: 1, tail: 2 } },
      write: (lines) => utf8(['made by x', 'id,name', ...lines, '-- end', '-- of file', '']),
      isCopied: false,
    },
    'in latin-1': {
      options: { encoding: 'latin-1', allow_valid_utf8: true },
      write: (lines) => latin1(['id,name', ...lines]),
      isCopied: false,
    },
    'in windows-1252, with bytes that it does not have': {
      options: { encoding: 'windows-1252', allow_valid_utf8: true },
      write: (lines) => latin1(['id,name', ...lines.map((line) => `${line}\x80\x81\x9d`)]),
      isCopied: false,
    },
    'in latin-1, with lines before and behind': {
      options: { encoding: 'latin-1', allow_valid_utf8: true, leader: 'É|*', trailer: ['ÉÉ', 'TRL,{rows}'] },
      write: (lines) => latin1(['É|x', 'id,name', ...lines, 'ÉÉ', `TRL,${lines.length}`]),
      isCopied: false,
    },
    'in latin-1, without its last line end': {
      options: { encoding: 'latin-1', allow_valid_utf8: true, allow_missing_final_newline: true },
      write: (lines) => latin1(['id,name', ...lines]).subarray(0, -1),
      isCopied: false,
    },
    'in latin-1, with comments': {
      options: { encoding: 'latin-1', allow_valid_utf8: true, comment: '#' },
      write: (lines) => latin1(['id,name', ...lines.flatMap((line) => ['# é', line])]),
      isCopied: true,
    },
    'in latin-1, with short records': {
      options: { encoding: 'latin-1', allow_valid_utf8: true, min_fields: 1 },
      write: (lines) => latin1(['id,name,more', ...lines]),
      isCopied: true,
    },
    'in UTF-16': {
      options: { encoding: 'utf-16' },
      write: (lines) => Buffer.from(`\ufeff${['id,name', ...lines].join('\n')}\n`, 'utf16le'),
      isCopied: true,
    },
    'with comments': {
      options: { comment: '#' },
      write: (lines) => utf8(['id,name', ...lines.flatMap((line) => ['# a comment', line])]),
      isCopied: true,
    },
    'without the comments that it may have': {
      options: { comment: '#' },
      write: (lines) => utf8(['id,name', ...lines]),
      isCopied: false,
    },
    'with short records': {
      options: { min_fields: 1 },
      write: (lines) => utf8(['id,name,more', ...lines]),
      isCopied: true,
    },
  };

const rows = fc.array(fc.stringMatching(/^[a-zé]{0,6}$/), { minLength: 1, maxLength: 6 });

describe('the bytes of a file that landed are what the vendor sent', () => {
  test.each(Object.entries(forms))('%s', async (_, { options, write, isCopied }) => {
    await fc.assert(
      fc.asyncProperty(rows, fc.integer({ min: 1, max: 50 }), async (names, size) => {
        const sent = write(names.map((name, index) => `${index},${name}`));
        const { file, store } = await landed(sent, size, options);
        expect((await buffer(fileBytes(file, store))).toString('hex')).toBe(sent.toString('hex'));
        expect([file.raw !== undefined, (await store.list('raw')).length]).toEqual([isCopied, isCopied ? 1 : 0]);
      }),
      { numRuns: 30 },
    );
  });
});

test('a copy that nobody wants is not made, and the error says so', async () => {
  const sent = Buffer.from('id,name\n1,é\n', 'utf16le');
  const { file, store } = await landed(sent, 5, { encoding: 'utf-16le' }, null);
  expect(await store.list('raw')).toEqual([]);
  await expect(buffer(fileBytes(file, store))).rejects.toMatchObject({
    name: 'RAW_DROPPED',
    message: 'the bytes of "f.csv" are not in the lake: `lake: {raw: drop}` kept no copy of it',
  });
});

test.each([
  ['raw', 'in UTF-16'],
  ['text', 'in latin-1'],
  ['parts', 'plain'],
])('other bytes in the lake are found: %s', async (_, form) => {
  const { options, write } = forms[form]!;
  const [one, other] = [await landed(write(['1,a']), 9, options), await landed(write(['1,b']), 9, options)];
  await expect(buffer(fileBytes(one.file, other.store))).rejects.toMatchObject({ name: 'OBJECT_DAMAGED' });
});

function latin1(lines: readonly string[]): Buffer {
  return Buffer.from(`${lines.join('\n')}\n`, 'latin1');
}

function utf8(lines: readonly string[]): Buffer {
  return Buffer.from(`${lines.join('\n')}\n`);
}

async function landed(sent: Buffer, size: number, options: object, rawKey: string | null = 'raw/1.zst') {
  const store = inMemoryStore();
  const { t } = feedSchema.parse({
    feed: 'shop',
    source: { folder: '.' },
    tables: {
      t: {
        files: '*.csv',
        format: options,
        contract: { added: 'ignore' },
        columns: { id: { type: 'bigint', key: true }, name: 'text' },
      },
    },
  }).tables;
  const table = t!;
  const format = table.format as CsvFormat;
  const reading = readingSpecOf(table);
  const columns = deliveredColumnsOf(table);
  const { contract } = table;
  const { file } = await landFile(pieces(sent, size), {
    store,
    reading,
    columns,
    format: 'csv',
    convert: ({ bytes }) =>
      csv.open({ format, bytes, localFile: noLocalFile, columns, contract, reading, proof: () => 'a test' }),
    rawKey,
    keyOf: (part) => `landing/${part}.zst`,
    partBytes: 20,
  });
  return { store, file: { name: 'f.csv', size: sent.length, ...file } satisfies LandedFile };
}

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
