import { isAscii, isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NightfeedError } from '../../../lib/core/errors.ts';
import { recordSyntaxOf } from '../../../lib/core/records/record-syntax.ts';
import type { CsvFormat } from '../../../lib/formats/csv/options.ts';
import { Prepared } from '../../../lib/formats/text/prepared.ts';
import { csv } from '../../support/engines/csv.ts';

const plain: CsvFormat = {
  type: 'csv',
  delimiter: ',',
  quote: '"',
  header: true,
  encoding: 'utf-8',
  null_values: [''],
};
const cuts = fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 60 });
const tables = fc.array(
  fc.array(
    fc.string({
      unit: fc.constantFrom('a', ',', '"', '\n', '\r', '\r\n', 'é', '€', '😀', '\ufffd', ' '),
      maxLength: 6,
    }),
    { minLength: 2, maxLength: 2 },
  ),
  { minLength: 1, maxLength: 8 },
);

describe('encodings become UTF-8, however the bytes come', () => {
  test('UTF-16 in both byte orders, with and without mark', async () => {
    await fc.assert(
      fc.asyncProperty(tables, cuts, fc.boolean(), fc.boolean(), async (rows, sizes, isBig, marked) => {
        const text = `${marked ? '\ufeff' : ''}id,name\n${csv(rows)}`;
        const units = Buffer.from(text, 'utf16le');
        const bytes = isBig ? units.swap16() : units;
        expect((await prepared({ encoding: 'utf-16' }, bytes, sizes)).toString()).toBe(text.slice(marked ? 1 : 0));
      }),
    );
  });

  test('a half character never becomes another one', async () => {
    const half = fc.constantFrom('\ud83d', '\ude00', '\ud83d\ud83d', '\ude00\ud83d');
    await fc.assert(
      fc.asyncProperty(
        fc.string({ maxLength: 4 }),
        half,
        fc.constantFrom('', 'x', '\n'),
        cuts,
        async (a, b, c, sizes) => {
          const text = `id,name\n${a}${b}${c}\n`;
          const found = await prepared({ encoding: 'utf-16' }, Buffer.from(text, 'utf16le'), sizes);
          expect(isUtf8(found)).toBe(text.isWellFormed());
          expect(found.toString()).not.toContain('\ude00\ud83d');
        },
      ),
    );
  });

  test.each(['latin-1', 'windows-1252'] as const)('%s as the platform reads it', async (encoding) => {
    const tail = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.string({ unit: fc.constantFrom('a', 'é', '€', '😀'), maxLength: 20 }).map((text) => Buffer.from(text)),
    );
    // The platform makes control characters of what windows-1252 has not assigned.
    const known = (of: Uint8Array) => of.filter((byte) => encoding === 'latin-1' || !unassigned.includes(byte));
    const bytes = tail.map((of) => Buffer.concat([Buffer.from('id,name\n1,a'), known(of), Buffer.from('\n')]));
    const platform = new TextDecoder('windows-1252');
    await fc.assert(
      fc.asyncProperty(bytes, cuts, async (data, sizes) => {
        const expected =
          encoding === 'latin-1'
            ? String.fromCharCode(...data)
            : [...data].map((byte) => platform.decode(Uint8Array.of(byte))).join('');
        const read = prepared({ encoding }, data, sizes);
        if (isUtf8(data) && !isAscii(data)) await expect(read).rejects.toMatchObject({ name: 'ENCODING' });
        else expect((await read).toString()).toBe(expected);
        expect((await prepared({ encoding, allow_valid_utf8: true }, data, sizes)).toString()).toBe(expected);
      }),
    );
  });
});

const unassigned = [0x81, 0x8d, 0x8f, 0x90, 0x9d];

test('one end mark at the end is taken off, alone or as a line of its own', async () => {
  const before = fc.constantFrom('', 'a', 'a\n', 'a\r\n', 'a\x1a', 'a\n\x1a', '\x1a', '\n\n');
  const end = fc.constantFrom('', '\n', '\r\n', '\r', '\n\n', '\r\n\n', 'b');
  await fc.assert(
    fc.asyncProperty(before, end, cuts, async (text, lineEnd, sizes) => {
      const sent = Buffer.from(`${text}\x1a${lineEnd}`);
      const isLine = text === '' || /[\r\n]$/.test(text);
      const isMark = lineEnd === '' || (isLine && /^(\n|\r|\r\n)$/.test(lineEnd));
      expect((await prepared({}, sent, sizes)).toString()).toBe(isMark ? text : sent.toString());
    }),
    { numRuns: 1000 },
  );
});

test('record ends of two kinds become one; what is quoted stays', async () => {
  const ends = fc.array(fc.constantFrom('\n', '\r\n'), { minLength: 9, maxLength: 9 });
  await fc.assert(
    fc.asyncProperty(tables, ends, cuts, async (rows, mixed, sizes) => {
      const sent = rows.map((row, index) => csv([row], { recordEnd: mixed[index]! })).join('');
      const found = await prepared({ allow_mixed_record_ends: true }, Buffer.from(sent), sizes);
      expect(found.toString()).toBe(csv(rows));
    }),
    { numRuns: 1000 },
  );
});

test('anything else than CRLF passes as it is, but for CR among others', async () => {
  const nasty = fc.string({ unit: fc.constantFrom('a', ',', '"', '\n', '\r'), maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(nasty, cuts, async (sent, sizes) => {
      const found = await prepared({ allow_mixed_record_ends: true }, Buffer.from(sent), sizes).catch((error) => {
        expect([error.name, /\r(?!\n)/.test(sent), sent.includes('\n')]).toEqual(['MIXED_EOL', true, true]);
        return Buffer.from(sent);
      });
      expect(found.toString().replaceAll('\r\n', '\n')).toBe(sent.replaceAll('\r\n', '\n'));
    }),
    { numRuns: 1000 },
  );
});

test('a trailer is taken off, whatever stands before and behind it', async () => {
  const end = fc.constantFrom('\n', '\r\n', '\r');
  await fc.assert(
    fc.asyncProperty(tables, end, fc.nat(2), fc.boolean(), cuts, async (rows, recordEnd, blanks, whole, sizes) => {
      const body = `id,name${recordEnd}${csv(rows, { recordEnd })}`;
      const sent = `${body}"END",${rows.length}${whole ? recordEnd.repeat(1 + blanks) : ''}`;
      const format = { trailer: '"END",{rows}', allow_missing_final_newline: true };
      const found = await prepared(format, Buffer.from(sent), sizes, rows.length);
      expect(found.toString()).toBe(body);
      await expect(prepared(format, Buffer.from(sent), sizes, rows.length + 1)).rejects.toMatchObject({
        name: 'TRAILER_MISMATCH',
      });
    }),
    { numRuns: 1000 },
  );
});

test('no cut of a file with trailer goes unnoticed', async () => {
  const format = { trailer: 'END,{rows}', allow_missing_final_newline: true };
  await fc.assert(
    fc.asyncProperty(tables, fc.nat(), cuts, async (rows, at, sizes) => {
      const sent = Buffer.from(`id,name\n${csv(rows)}END,${rows.length}\n`);
      const cut = sent.subarray(0, at % (sent.length - 1));
      const outcome = await prepared(format, cut, sizes, rows.length).then(
        (found) => (found.toString().split('\n').length > 1 ? 'taken' : 'header'),
        (error) => (error instanceof NightfeedError ? 'refused' : error),
      );
      // An open quote is left to the scan; nothing that lacks rows is taken.
      expect(outcome === 'taken' ? (cut.toString().match(/"/g)?.length ?? 0) % 2 : 1).toBe(1);
    }),
    { numRuns: 1000 },
  );
});

/** The last piece takes the rest. */
async function prepared(format: Partial<CsvFormat>, data: Buffer, sizes: number[], rows?: number): Promise<Buffer> {
  const stages = new Prepared(
    { ...plain, ...format },
    { dialect: recordSyntaxOf(plain), headed: true, separator: ',' },
  );
  async function* pieces(): AsyncGenerator<Buffer> {
    let from = 0;
    for (const size of sizes) {
      yield Buffer.from(data.subarray(from, from + size));
      from += size;
    }
    yield Buffer.from(data.subarray(from));
  }
  const found: Buffer[] = [];
  for await (const piece of stages.bytes(pieces())) found.push(piece);
  if (rows !== undefined) stages.check({ rows, endsBroken: false });
  return Buffer.concat(found);
}
