import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { contestants } from '../../bench/contestants.ts';

const program = fileURLToPath(new URL('../../bench/bench.ts', import.meta.url));
const SECONDS = 120;

/** Slow on purpose: thirteen contestants, each in a process of its own, and a PostgreSQL server. */
describe('the bench', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bench-test-'));
    // Under root, PostgreSQL runs as somebody else.
    chmodSync(folder, 0o755);
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const bench = (...args: string[]) => promisify(execFile)(process.execPath, [program, '--folder', folder, ...args]);

  test(
    'every contestant finds the changes that the dumps were written with',
    async () => {
      const { stdout } = await bench(
        '--rows',
        '20000',
        '--changed',
        '5%',
        '--top',
        '100',
        '--block',
        '500',
        '--repeat',
        '1',
      );
      for (const { title } of contestants)
        expect(stdout).toMatch(new RegExp(`^\\| ${quoted(title)} +\\| +\\d+\\.\\d\\d s`, 'm'));
      expect(readdirSync(folder)).toEqual([]);
    },
    SECONDS * 1000,
  );

  test('asked for something else than a share, it says what it takes', async () => {
    await expect(bench('--changed', '200%')).rejects.toMatchObject({
      stderr: expect.stringContaining('expected a share'),
    });
  });
});

function quoted(text: string): string {
  return text.replaceAll(/[`.,:()]/g, '\\$&');
}
