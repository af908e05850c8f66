import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { NO_PYTHON } from '../../../lib/engines/spark/runtime/python-environment.ts';
import { pythonEnvironment } from '../../support/engines/python-environment.ts';
import { readParquet } from '../../support/formats/read-parquet.ts';

const python = await pythonEnvironment('pyarrow', [new URL('requirements.txt', import.meta.url)]);
const columns = { id: { type: 'bigint', key: true }, name: 'text' };
const codecs = ['none', 'snappy', 'gzip', 'brotli', 'zstd', 'lz4'];
const names = codecs.flatMap((codec) => ['1.0', '2.0'].map((version) => `${codec}-${version}`));

describe.skipIf(python === undefined)(`files of pyarrow's writer${python ? '' : ` (skipped: ${NO_PYTHON})`}`, () => {
  let folder: string;
  const file = (name: string) => readFileSync(join(folder, `${name}.parquet`));
  const committed = (name: string) => readFileSync(new URL(`files/${name}.parquet`, import.meta.url));

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pyarrow-'));
    const program = fileURLToPath(new URL('write-files.py', import.meta.url));
    await promisify(execFile)(python!, [program, folder], { env: {} });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const text = '1,"one"\n2,\n3,"a, b; ""c"" \\ d"\n4,"two\nlines"\n5," blanks "\n6,"größe €𝄞"\n7,""\n';

  test.each([...names, 'summed'])('%s, with a checksum in each page', async (name) => {
    expect((await readParquet(file(name), { columns, format: { require_checksums: true } })).text).toBe(text);
  });

  test.each(['plain', 'delta'])('%s', async (name) => {
    expect((await readParquet(file(name), { columns })).text).toBe(text);
  });

  test('no rows', async () => {
    expect((await readParquet(file('no-rows'), { columns })).text).toBe('');
  });

  test('thousands of pages', async () => {
    const { text: found } = await readParquet(file('small-pages'), { columns: { id: { type: 'bigint', key: true } } });
    expect(found.trim().split('\n').map(Number)).toEqual(Array.from({ length: 100_000 }, (_, id) => id));
  });

  test.each(['summed', 'types', 'int96', 'int96-ns'])('%s, as it lies beside the tests', (name) => {
    expect(file(name).equals(committed(name))).toBe(true);
  });
});
