import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { localSpark } from '../../../bin/spark.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nightfeed-spark-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** A program on the path, in the place of the real one. */
async function program(path: string, script: string): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
}

test('bytes that differ from those that were pinned are refused in words, and nothing is kept', async () => {
  await program(join(folder, 'bin/java'), `echo 'openjdk version "17.0.15"' >&2`);
  const pip = `#!/bin/sh\\necho 'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES' >&2\\nexit 1\\n`;
  // Answers the question for its version, and makes an environment whose pip refuses.
  await program(
    join(folder, 'bin/python3.13'),
    `[ "$1" = -c ] && { echo 3.13; exit; }\nmkdir -p "$3/bin" && printf "${pip}" > "$3/bin/python" && chmod +x "$3/bin/python"`,
  );
  vi.stubEnv('PATH', `${join(folder, 'bin')}:/usr/bin:/bin`);
  vi.stubEnv('JAVA_HOME', folder);
  vi.stubEnv('PYENV_ROOT', join(folder, 'pyenv'));
  for (const _ of ['first', 'again'])
    await expect(localSpark(() => {}, join(folder, 'installed'))()).rejects.toMatchObject({
      name: 'ENGINE_MISSING',
      message: 'engine spark cannot run here: pyspark is not installed: THESE PACKAGES DO NOT MATCH THE HASHES',
    });
});
