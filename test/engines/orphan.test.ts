import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const program = fileURLToPath(new URL('../../lib/engines/duckdb/child.ts', import.meta.url));

test('a DuckDB process whose parent died ends, even while it waits in a statement', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'nightfeed-orphan-'));
  const pipe = join(folder, 'nobody-reads');
  execFileSync('mkfifo', [pipe]);
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  try {
    const settings = { memory: '100MB', threads: 1, folders: [folder], spill: join(folder, 'spill') };
    child.stdin.write(`${JSON.stringify(settings)}\n${JSON.stringify({ statements: ['SELECT 1 AS one'] })}\n`);
    expect(String(await once(child.stdout, 'data'))).toBe('{"answers":[[{"one":1}]]}\n');
    const waiting = `COPY (SELECT 1) TO '${pipe}' (FORMAT csv, USE_TMP_FILE false)`;
    child.stdin.write(`${JSON.stringify({ statements: [waiting, 'SELECT 2 AS two'] })}\n`);
    await sleep(300);
    child.stdin.destroy();
    await Promise.race([once(child, 'exit'), sleep(5000)]);
    expect(child.exitCode ?? child.signalCode).not.toBeNull();
  } finally {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  }
});

test('a DuckDB process whose parent died while it started runs no statement', async () => {
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
  const long = 'SELECT sum(sqrt(a.range * b.range)) FROM range(1000000) a, range(1000000) b';
  const settings = { memory: '100MB', threads: 1, folders: [], spill: '' };
  child.stdin.end(`${JSON.stringify(settings)}\n${JSON.stringify({ statements: [long] })}\n`);
  try {
    await Promise.race([once(child, 'exit'), sleep(20_000)]);
    expect(child.exitCode ?? child.signalCode).not.toBeNull();
  } finally {
    child.kill('SIGKILL');
  }
});
