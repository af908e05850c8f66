import { describe, expect, test } from 'vitest';
import { parseManifest } from '../../lib/core/delivery/manifest.ts';
import { Neighbours } from '../../lib/core/delivery/near-miss.ts';
import { NightfeedError } from '../../lib/core/errors.ts';
import { NamePattern } from '../../lib/core/feed/pattern.ts';
import { columnTypeSchema } from '../../lib/core/feed/values/column-type.ts';
import { parseValue } from '../../lib/core/feed/values/value.ts';
import { shownText } from '../../lib/core/shown-text.ts';
import { Trailer } from '../../lib/formats/text/beside/trailer.ts';
import { parseList } from '../../lib/sources/ftp/listing/list.ts';
import { parseMlsd } from '../../lib/sources/ftp/listing/mlsd.ts';
import { parsedBy } from '../sources/ftp/listing/parsed-by.ts';
import { cpuTime } from '../support/cpu-time.ts';

const LENGTH = 200_000;
const LINE = 4096;
const filled = (start: string, piece: string, end: string, length = LENGTH) =>
  start + piece.repeat(Math.floor((length - start.length - end.length) / piece.length)) + end;

/** What takes the square of a text's length takes half a minute here, and what is worse never ends. */
async function takesNoTime(work: () => unknown): Promise<void> {
  const milliseconds = await cpuTime(async () => {
    try {
      await work();
    } catch (thrown) {
      expect(thrown).toBeInstanceOf(NightfeedError);
    }
  });
  expect(milliseconds).toBeLessThan(1000);
}

describe('fields', () => {
  test.each([
    ['integer', '', '9', ''],
    ['bigint', '-', '0', '1'],
    ['decimal(9,2)', '0.', '0', '1'],
    ['decimal(9,2)', '', '1', 'x'],
    ['double', '', '1', 'x'],
    ['double', '1e', '1', ''],
    ['date', '', '1', '-01-01'],
    ['date', '1', '-01-01', ' B'],
    ['timestamp', '2026-01-01 00:00:00.', '0', '1'],
    ['timestamptz', '2026-01-01 00:00:00.', '1', '+1'],
    ['json', '"', '\\', ''],
    ['json', '', '[', ''],
    ['json', '', '\\\\u0000', 'x'],
    ['uuid', '', 'a', ''],
  ])('%s from %j, %j, %j', async (type, ...[start, piece, end]) => {
    const form = { type: columnTypeSchema.parse(type) };
    await takesNoTime(() => parseValue(form, filled(start, piece, end)));
    await takesNoTime(() => parseValue({ ...form, scale: 'round', odd_times: 'roll' }, filled(start, piece, end)));
  });
});

describe('numbers as vendors write them', () => {
  test.each([
    ['', '1', 'x'],
    ['1', '.000', 'x'],
    ['€ ', '1', ' %'],
    ['(', '1', ''],
    ['1,', '0', 'x'],
    ['', ' ', ''],
    ['1', ' €', ''],
  ])('%j, %j, %j', async (start, piece, end) => {
    const text = filled(start, piece, end);
    const marks = { decimal: ',', thousands: '.' } as const;
    await takesNoTime(() => parseValue({ type: 'double', ...marks }, text));
    for (const negative of ['behind', 'parentheses'] as const)
      await takesNoTime(() => parseValue({ type: 'decimal(9,2)', ...marks, currency: ['€', ''], negative }, text));
    await takesNoTime(() => parseValue({ type: 'decimal(9,2)', ...marks, percent: 'fraction' }, text));
  });
});

describe('moments as vendors write them', () => {
  test.each([
    ['', '1', ''],
    ['1 Jan 2026 1', '0', ''],
    ['1 Jan 2026 10:00:00.', '1', 'x'],
    ['1 Jan 2026 10:00:00.', '0', '1 Z'],
    ['1 ', 'Jan ', '2026'],
    ['1.', '0', '1'],
    ['-', '0', '1'],
  ])('%j, %j, %j', async (start, piece, end) => {
    const text = filled(start, piece, end);
    const date_format = 'D MON YYYY HH:MI:SS[.FF][ ]TZ';
    await takesNoTime(() => parseValue({ type: 'timestamptz', date_format }, text));
    for (const type of ['date', 'timestamp'] as const) await takesNoTime(() => parseValue({ type, epoch: 's' }, text));
  });
});

describe('lines of listings', () => {
  test.each([
    ['-rw-r--r-- 1 ', '1 ', 'x'],
    ['-rw-r--r-- 1 ', '1\u00a0', 'x'],
    ['-rw-r--r-- 1 ', '1, ', 'x'],
    ['-rw-r--r--  ', '1 Nov 1 ', 'x'],
    ['-rw-r--r-- 1', ' ', 'x'],
    ['-rw-r--r-- 1 ftp 5 Nov', ' ', '20'],
    ['PEP *STMF x', ' ', 'y'],
    ['PEP 1', ' 1', ''],
    ['11-20-26  02:13PM', ' ', '<DIR>x'],
    ['11-20-26  02:13PM 1', ',1', ' x'],
    ['+', 's1,', 'x'],
    ['', 'a;1', ' '],
  ])('%j, %j, %j', async (start, piece, end) => {
    const line = `${filled(start, piece, end, LINE - 10)}\n`;
    const good = '-rw-r--r-- 1 ftp ftp 5 Nov 20 02:13 a.csv\n';
    for (let times = 0; times < 100; times += 1) await takesNoTime(() => parsedBy(parseList)(good.repeat(3) + line));
  });

  test.each([
    ['', 'a=b;', ''],
    ['a=', 'b', ''],
    ['', 'a=b; ', '='],
    ['', ' ', 'a'],
  ])('of MLSD: %j, %j, %j', async (start, piece, end) => {
    const line = `${filled(start, piece, end, LINE - 10)}\n`;
    for (let times = 0; times < 100; times += 1) await takesNoTime(() => parsedBy(parseMlsd)(line));
  });
});

describe('manifests', () => {
  const columns = { file: 'file', size: 'size', rows: 'rows', md5: 'md5', sha256: 'sha256' };
  test.each([
    ['checksums', '\\', 'a', ' *x'],
    ['checksums', '', '0123456789abcdef', ' *x'],
    ['checksums', '', '\r', '\n'],
    ['csv', 'file,size\n', '"', '\n'],
    ['csv', 'file,size', ',', '\nx,1\n'],
    ['csv', 'file,size\n', 'a,1\n', ''],
    ['json', '[{"file":', '[', ''],
    ['json', '[', '{"file":"a"},', '{}]'],
  ] as const)('%s: %j, %j, %j', async (format, start, piece, end) => {
    const bytes = Buffer.from(filled(start, piece, end));
    await takesNoTime(() => parseManifest(bytes, { file: 'm', format, delimiter: ',', columns }));
  });

  test('a JSON object where a text is expected is refused, whatever it holds', () => {
    const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
    for (const value of ['{"toString":1}', deep, '{}', '["a.csv"]']) {
      const bytes = Buffer.from(`[{"file":${value}}]`);
      expect(() => parseManifest(bytes, { file: 'm', format: 'json', delimiter: ',', columns })).toThrow(
        expect.objectContaining({ name: 'MANIFEST_INVALID' }),
      );
    }
  });
});

describe('names of files', () => {
  test.each([
    [`${'*a'.repeat(50)}*b`, 'a'],
    ['*{n}*{n}*x', '1'],
    ['*{yyyymmdd}*{dd}', '20260101'],
    ['*?*?*x', 'a'],
  ])('%s', async (pattern, piece) => {
    const name = filled('', piece, '', LINE);
    for (let times = 0; times < 10; times += 1) await takesNoTime(() => new NamePattern(pattern).read(name));
  });

  test('of a folder with many of them, for the message that says what lies there', async () => {
    const names = Array.from({ length: 100_000 }, (_, index) => `${'a'.repeat(200)}-${index}.csv.part`);
    const missed = Array.from({ length: 20 }, (_, index) => `*${index}*_{date}.csv`);
    const patterns = missed.map((written) => ({ written, pattern: written.replace('{date}', '2026-11-20') }));
    await takesNoTime(() => {
      const neighbours = new Neighbours(patterns);
      for (const name of names) neighbours.see({ name, kind: 'file' });
      neighbours.explain(true);
    });
  });
});

test.each(['T{rows}', 'T*;*;*{rows}', '*{rows}*;*;*x', `${'*a'.repeat(20)}{rows}`])(
  'a last record of 2 MB is no trailer %s',
  async (trailer) => {
    for (const piece of ['1', ';', 'a', 'a1']) {
      const stage = new Trailer({ patterns: [trailer], mayLackEnd: false, headed: false });
      const bytes = Buffer.from(filled('T', piece, '\n', 2_000_000));
      await takesNoTime(() => {
        for (let at = 0; at < bytes.length; at += 65_536) stage.push(bytes.subarray(at, at + 65_536));
        stage.finish();
      });
      expect(stage.isFound).toBe(false);
    }
  },
);

test('a last record that comes byte by byte', async () => {
  const stage = new Trailer({
    patterns: ['T{rows}'],
    mayLackEnd: false,
    headed: false,
  });
  const bytes = Buffer.from(filled('T', 'a', '\n', 400_000));
  await takesNoTime(() => {
    for (const byte of bytes) stage.push(Buffer.of(byte));
  });
});

test.each(['\u001b', '\u202e', '=', '"', '\ud800'])('shown text of %j', async (piece) => {
  await takesNoTime(() => shownText(filled('', piece, '')));
});
