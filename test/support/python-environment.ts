import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from '../../lib/adapters/embedded-postgres/lock.ts';
import {
  pythonEnvironment as environmentIn,
  type PythonHome,
  usablePython as usablePythonOf,
} from '../../lib/adapters/runtime/python-environment.ts';

/** Goes when dependencies are installed anew, like all else that is installed. */
const HOME = fileURLToPath(new URL('../../node_modules/.cache/nightfeed/', import.meta.url));

const pyenv = process.env.PYENV_ROOT ?? join(homedir(), '.pyenv');

/** The tests' own environments, beside those of the product. */
export function pythonEnvironment(name: string, requirements: URL, folder = HOME): Promise<string | undefined> {
  const say = (text: string) => process.stderr.write(`nightfeed tests: ${text}\n`);
  return environmentIn(name, requirements, { folder, pyenv, exclusively: withLock, say } satisfies PythonHome);
}

export const usablePython = () => usablePythonOf(pyenv);
