import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const program = fileURLToPath(new URL('../../bench/scale.ts', import.meta.url));

describe('bench:scale', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'scale-test-'));
    // Under root, PostgreSQL would run as somebody else.
    chmodSync(folder, 0o755);
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const scale = (...args: string[]) => promisify(execFile)(process.execPath, [program, '--folder', folder, ...args]);

  test('measures each engine at each size, finds that they agree, and leaves nothing behind', async () => {
    const { stdout } = await scale('--rows', '20k,5k', '--engines', 'lockstep,duckdb');
    for (const engine of ['lockstep', 'duckdb']) {
      expect(stdout).toMatch(new RegExp(`^\\| ${engine} +\\| 5,000 .*\\| +\\|$`, 'm'));
      expect(stdout).toMatch(new RegExp(`^\\| ${engine} +\\| 20,000 .*\\| -?\\d\\.\\d\\d +\\|$`, 'm'));
    }
    expect(stdout).toContain('All engines found the same.');
    expect(readdirSync(folder)).toEqual([]);
  });

  test('more rows than the disk holds are not begun', async () => {
    await expect(scale('--rows', '100000M', '--engines', 'lockstep')).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/100,000,000,000 rows: 60000\.0 GB of disk are needed/),
    });
  });

  test('asked for something else than sizes, it says what it takes', async () => {
    await expect(scale('--rows', 'many')).rejects.toMatchObject({ stderr: expect.stringContaining('expected sizes') });
  });
});
