import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { exceeded, formatsTable, type LandedForm } from '../../bench/formats/formats-table.ts';
import { forms } from '../../bench/formats/forms.ts';

const program = fileURLToPath(new URL('../../bench/formats.ts', import.meta.url));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'formats-test-'));
  // Under root, PostgreSQL would run as somebody else.
  chmodSync(folder, 0o755);
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test('bench:formats lands every row in the forms asked for and in the plain one, and leaves nothing behind', async () => {
  const args = [program, '--folder', folder, '--rows', '2000', '--rounds', '1', '--only', 'fixed-width,parquet'];
  // So few rows take longer than the limits allow.
  const { stdout } = await promisify(execFile)(process.execPath, args).catch((failed: { stdout: string }) => failed);
  for (const title of ['csv, as it is', 'fixed-width', 'parquet']) expect(stdout).toContain(`| ${title} `);
  expect(stdout).toContain('parquet: ');
  expect(readdirSync(folder)).toEqual([]);
});

test('bench:formats lands files of the size asked for, each with all of its rows', async () => {
  const args = [program, '--folder', folder, '--bytes', '40MB', '--only', 'latin,json,sql,parquet'];
  const { stdout } = await promisify(execFile)(process.execPath, args).catch((failed: { stdout: string }) => failed);
  for (const title of ['csv, windows-1252', 'json, an array', 'sql, mysqldump', 'parquet'])
    expect(stdout).toMatch(new RegExp(`\\| ${title} +\\| 0\\.0[4-7] GB \\|`));
  expect(stdout).not.toContain('of memory');
  expect(readdirSync(folder)).toEqual([]);
});

test('what exceeds its limit is told, in the relation of its own round', () => {
  const landed = (name: string, seconds: readonly number[], peak = 200e6): LandedForm => ({
    form: forms.find((form) => form.name === name)!,
    bytes: 90e6,
    rows: 1_000_000,
    seconds,
    peak,
  });
  const all = [
    landed('plain', [1, 4, 2]),
    landed('delimiter', [1.2, 4.8, 9]),
    landed('fixed-width', [1.4, 5.6, 2]),
    landed('ndjson', [2, 2, 1], 2e9),
    landed('parquet', [2, 1, 3]),
  ];
  expect(formatsTable(all)).toMatch(/csv, delimiter ~\|~ \| 0\.09 GB \| 4\.80 s \| × 1\.20 +\| 19 /);
  expect(exceeded(all)).toEqual([
    'fixed-width: 1.40 times as long as plain, at most 1.3 allowed',
    'ndjson: 45 MB/s, at least 60 asked',
    'ndjson: 2000 MB of memory, at most 1000 allowed',
    'parquet: 500000 rows a second, at least 1000000 asked',
  ]);
});
