import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

async function guess(name: string, bytes: Buffer, most: number) {
  await writeFile(join(folder, name), bytes);
  const surroundings = { date: '2000-01-01', folder, secret: () => '' };
  const source = await openSource({ source: { folder } } as never, sources, surroundings);
  const ports = { source, before: null, formats, say() {}, engine: { keepLocally: () => Promise.reject() } };
  const [table] = await guessTables({ samples: [name], previous: [], most }, ports);
  await source.close();
  return { types: table!.columns.map(({ type }) => type), reasons: table!.formatReasons.join('; ') };
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
  }, 120_000);

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
});
