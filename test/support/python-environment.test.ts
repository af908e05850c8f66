import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { NO_PYTHON } from '../../lib/adapters/runtime/python-environment.ts';
import { usablePython } from './python-environment.ts';

const run = promisify(execFile);
const python = await usablePython();

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'nightfeed-python-'));
});

afterEach(() => rm(home, { recursive: true }));

/** In a process of its own; what it wrote to standard error tells whether it installed. */
async function environment(requirements: string): Promise<{ python: string; isInstaller: boolean }> {
  const module = new URL('./python-environment.ts', import.meta.url).href;
  const code = `import { pythonEnvironment } from '${module}';
    console.log(await pythonEnvironment('test', new URL('${pathToFileURL(requirements)}'), '${home}'));`;
  const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '-e', code]);
  return { python: stdout.trim(), isInstaller: stderr.includes('installing') };
}

test.skipIf(!python)(`one of several processes makes the environment (skipped with ${NO_PYTHON})`, async () => {
  const requirements = join(home, 'requirements.txt');
  await writeFile(requirements, '# nothing\n');
  const made = await Promise.all([environment(requirements), environment(requirements)]);

  expect(made.map(({ isInstaller }) => isInstaller).sort()).toEqual([false, true]);
  expect(made[0]!.python).toBe(made[1]!.python);
  const { stdout } = await run(made[0]!.python, ['-c', 'import sys; print(sys.prefix)']);
  expect(stdout.trim()).toBe(dirname(dirname(made[0]!.python)));

  // As a killed installer leaves it.
  await rm(join(dirname(dirname(made[0]!.python)), 'finished'));
  expect((await environment(requirements)).isInstaller).toBe(true);
  expect((await environment(requirements)).isInstaller).toBe(false);
});
