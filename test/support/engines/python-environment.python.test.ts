import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { NO_PYTHON } from '../../../lib/engines/spark/runtime/python-environment.ts';
import { usablePython } from './python-environment.ts';

const run = promisify(execFile);
const python = await usablePython();
/** An environment takes seconds, and more beside other work. */
const MINUTES = 60_000;

/** Of this process, and none of pip's business. */
const SECRETS = {
  NIGHTFEED_DATABASE_URL: 'postgres://loader:hush@db.example.com/shop',
  AWS_SECRET_ACCESS_KEY: 'hush',
  SHOP_PASSWORD: 'hush',
  PYTHONPATH: '/tmp',
};

/** Builds the package `probe`, of which all that there is to see is the environment that it was built in. */
const BACKEND = `import os, zipfile
def build_wheel(folder, config_settings=None, metadata_directory=None):
    name = 'probe-1.0-py3-none-any.whl'
    with zipfile.ZipFile(os.path.join(folder, name), 'w') as wheel:
        wheel.writestr('probe.py', 'names = %r' % sorted(os.environ))
        info = 'probe-1.0.dist-info/'
        wheel.writestr(info + 'METADATA', 'Metadata-Version: 2.1\\nName: probe\\nVersion: 1.0\\n')
        wheel.writestr(info + 'WHEEL', 'Wheel-Version: 1.0\\nGenerator: probe\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
        wheel.writestr(info + 'RECORD', '')
    return name
`;

let home: string;
let archive: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'nightfeed-python-'));
  const source = join(home, 'probe-1.0');
  await mkdir(source);
  await writeFile(join(source, 'backend.py'), BACKEND);
  await writeFile(
    join(source, 'pyproject.toml'),
    '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n',
  );
  archive = join(home, 'probe-1.0.tar.gz');
  await run('tar', ['-czf', archive, '-C', home, 'probe-1.0']);
});

afterEach(() => rm(home, { recursive: true }));

/** In a process of its own, whose index is a folder; what it wrote to standard error tells whether it installed. */
async function environment(requirements: string, name = 'test'): Promise<{ python: string; isInstaller: boolean }> {
  const file = join(home, `${name}.txt`);
  await writeFile(file, requirements);
  const module = new URL('./python-environment.ts', import.meta.url).href;
  const code = `import { pythonEnvironment } from '${module}';
    console.log(await pythonEnvironment('${name}', [new URL('${pathToFileURL(file)}')], '${home}'));`;
  const env = { ...process.env, ...SECRETS, PIP_NO_INDEX: '1', PIP_FIND_LINKS: home };
  const { stdout, stderr } = await run(process.execPath, ['--input-type=module', '-e', code], { env });
  return { python: stdout.trim(), isInstaller: stderr.includes('installing') };
}

const sumOf = async (file: string) =>
  createHash('sha256')
    .update(await readFile(file))
    .digest('hex');

describe.skipIf(!python)(`an environment of Python (skipped with ${NO_PYTHON})`, () => {
  test(
    'is made by one of several processes, and shows what it builds no secret',
    async () => {
      const requirements = `--no-binary probe\nprobe==1.0 --hash=sha256:${await sumOf(archive)}\n`;
      const made = await Promise.all([environment(requirements), environment(requirements)]);

      expect(made.map(({ isInstaller }) => isInstaller).sort()).toEqual([false, true]);
      expect(made[0]!.python).toBe(made[1]!.python);
      const program = 'import json, probe, sys; print(json.dumps([sys.prefix, probe.names]))';
      const [prefix, names] = JSON.parse((await run(made[0]!.python, ['-c', program])).stdout);
      expect(prefix).toBe(dirname(dirname(made[0]!.python)));
      expect(names).toContain('PIP_NO_INDEX');
      const own = /^(PIP_\w+|_?PYPROJECT_HOOKS_\w+|PEP517_\w+|LC_CTYPE)$/;
      const given = /^(PATH|HOME|TMPDIR|XDG_\w+_HOME|PYENV_\w+|SSL_CERT_\w+|REQUESTS_CA_BUNDLE|\w+_PROXY|\w+_proxy)$/;
      expect(names.filter((name: string) => !own.test(name) && !given.test(name))).toEqual([]);

      // As a killed installer leaves it.
      await rm(join(prefix, 'finished'));
      expect((await environment(requirements)).isInstaller).toBe(true);
      expect((await environment(requirements)).isInstaller).toBe(false);
    },
    4 * MINUTES,
  );

  test(
    'is not made of other bytes than those that were pinned, nor of source that nobody named',
    async () => {
      const cases = {
        other: `--no-binary probe\nprobe==1.0 --hash=sha256:${'0'.repeat(64)}\n`,
        bare: '--no-binary probe\nprobe==1.0\n',
        unnamed: `probe==1.0 --hash=sha256:${await sumOf(archive)}\n`,
      };
      const made = Object.entries(cases).map(([name, text]) =>
        environment(text, name).then(
          () => `${name}: made`,
          ({ message }) => `${name}: ${/DO NOT MATCH|Hashes are required|No matching distribution/.exec(message)}`,
        ),
      );
      expect(await Promise.all(made)).toEqual([
        'other: DO NOT MATCH',
        'bare: Hashes are required',
        'unnamed: No matching distribution',
      ]);
    },
    4 * MINUTES,
  );
});
