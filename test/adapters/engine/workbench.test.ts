import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Workbench } from '../../../lib/adapters/engine/duckdb/workbench.ts';
import type { Store } from '../../../lib/steps/ports.ts';

test('scratch of a killed process is swept, that of a living one is not, and its own goes at the end', async () => {
  const scratch = mkdtempSync(join(tmpdir(), 'scratch-'));
  // Process ids end at 2^22 on Linux.
  for (const name of ['duckdb-99999999-dead', `duckdb-${process.ppid}-alive`]) {
    mkdirSync(join(scratch, name, 'spill'), { recursive: true });
    writeFileSync(join(scratch, name, 'spill', 'block'), 'x');
  }
  const bench = new Workbench({ store: {} as Store, scratch, memory: '100MB', threads: 1 });
  await bench.session();
  expect(readdirSync(scratch).filter((name) => !name.startsWith(`duckdb-${process.pid}-`))).toEqual([
    `duckdb-${process.ppid}-alive`,
  ]);
  await bench.close();
  expect(readdirSync(scratch)).toEqual([`duckdb-${process.ppid}-alive`]);
  rmSync(scratch, { recursive: true });
});
