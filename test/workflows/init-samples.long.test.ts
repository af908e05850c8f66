import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formats } from '../../lib/formats/index.ts';
import { sources } from '../../lib/sources/index.ts';
import { openSource } from '../../lib/sources/open.ts';
import { guessTables } from '../../lib/workflows/init/init.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'init-samples-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function guess(name: string, bytes: Buffer, most: number, all = false) {
  await writeFile(join(folder, name), bytes);
  const surroundings = { date: '2000-01-01', folder, secret: () => '' };
  const source = await openSource({ source: { folder } } as never, sources, surroundings);
  const ports = { source, before: null, formats, say() {}, engine: { keepLocally: () => Promise.reject() } };
  const [table] = await guessTables({ samples: [name], previous: [], most, all }, ports);
  await source.close();
  const { columns, formatReasons, format, key } = table!;
  return { types: columns.map(({ type }) => type), reasons: formatReasons.join('; '), format, key: key?.columns };
}

/** A file of which the middle record and the last have what no other has. */
function file(records: number, middle: string, last: string): Buffer {
  const lines = Array.from({ length: records }, (_, index) => `${index},1,2`);
  lines[Math.floor(records / 2)] = middle;
  lines[records - 1] = last;
  return Buffer.from(`id,a,b\n${lines.join('\n')}\n`);
}

describe('of a file that is larger than what is looked at', () => {
  test('head, middle and end are seen', async () => {
    const { types, reasons } = await guess('plain.csv', file(20_000, '10000,1.5,2', '19999,1,x'), 100_000);
    expect(types).toEqual(['integer', 'decimal(2,1)', 'text']);
    expect(reasons).toContain('of its 1 MB, 1 were looked at: head, middle and end');
  });

  test('they are seen, too, where more fields are in the sample than are kept', async () => {
    const { types } = await guess('fields.csv', file(2_200_000, '1100000,1.5,2', '2199999,1,x'), 24_000_000);
    expect(types).toEqual(['integer', 'decimal(2,1)', 'text']);
  });

  test('only the beginning is seen when it is packed, or in UTF-16, and the comment says so', async () => {
    const bytes = file(20_000, '10000,1.5,2', '19999,1,x');
    for (const [name, stored] of [
      ['packed.csv.gz', gzipSync(bytes)],
      ['wide.csv', Buffer.from(`\ufeff${bytes}`, 'utf16le')],
    ] as const) {
      const { types, reasons } = await guess(name, stored, 30_000);
      expect(types).toEqual(['integer', 'integer', 'integer']);
      expect(reasons).toContain('only its first 1 MB were looked at');
    }
  });

  describe('all of it is seen on request', () => {
    test.each([
      ['packed.csv.gz', (bytes: Buffer) => gzipSync(bytes)],
      ['wide.csv', (bytes: Buffer) => Buffer.from(`\ufeff${bytes}`, 'utf16le')],
      ['plain.csv', (bytes: Buffer) => bytes],
    ] as const)('%s: the types are those of all rows', async (name, stored) => {
      const bytes = stored(file(20_000, '10000,1.5,2', '19999,1,x'));
      const { types, reasons, key } = await guess(name, bytes, 30_000, true);
      expect(types).toEqual(['integer', 'decimal(2,1)', 'text']);
      expect(key).toEqual(['id']);
      expect(reasons).toMatch(/all of its 20000 rows were looked at, and a key was looked for in [1-4]\d\d\d of them/);
    });

    test('what stands only far behind: its encoding, a gap in the key, a trailer with the count, no line end', async () => {
      const bytes = file(20_000, ',caf\u00e9,2', '19999,1,2');
      const all = Buffer.concat([Buffer.from(bytes.toString(), 'latin1'), Buffer.from('TRL 20000')]);
      const { format, key, reasons } = await guess('end.csv.gz', gzipSync(all), 30_000, true);
      expect(format).toEqual({
        encoding: 'windows-1252',
        trailer: 'TRL {rows}',
        allow_missing_final_newline: true,
      });
      expect(key).toBeUndefined();
      expect(reasons).toContain('its bytes are no UTF-8');
      expect(reasons).toContain('all of its 20000 rows');
      expect((await guess('end.csv.gz', gzipSync(all), 30_000)).format).toEqual({});
    });

    test('a file that cannot be read to its end is told', async () => {
      const bytes = Buffer.concat([file(20_000, '10000,1,2', '19999,1,2'), Buffer.from('20000,1,2\r\n')]);
      const { reasons } = await guess('broken.csv.gz', gzipSync(bytes), 30_000, true);
      expect(reasons).toContain('LOOK: "broken.csv.gz" was read up to here: record 20001 at byte');
    });

    test('a file that is kept whole is guessed as without the request', async () => {
      const bytes = file(500, '250,1.5,2', '499,1,x');
      expect(await guess('small.csv', bytes, 1_000_000, true)).toEqual(await guess('small.csv', bytes, 1_000_000));
    });
  });
});

test('a file of 700 MB is looked at in 200 MB of memory', async () => {
  const program = fileURLToPath(new URL('./init-large-file.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--disable-warning=ExperimentalWarning', program]);
  const { types, peak } = JSON.parse(stdout) as { types: string[]; peak: number };
  expect(types).toEqual(['integer', 'text', 'decimal(2,1)']);
  expect(peak).toBeLessThan(200e6);
});
