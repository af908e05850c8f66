import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  pythonEnvironment as environmentIn,
  installerEnvironment,
  type PythonHome,
  usablePython as usablePythonOf,
} from '../../../lib/engines/spark/runtime/python-environment.ts';
import { withLock } from '../../../lib/local/file-lock.ts';

/** Goes when dependencies are installed anew, like all else that is installed. */
const HOME = fileURLToPath(new URL('../../../node_modules/.cache/nightfeed/', import.meta.url));

const search = {
  pyenv: process.env.PYENV_ROOT ?? join(homedir(), '.pyenv'),
  environment: installerEnvironment(process.env),
};

/** For requirements of which some are source: it goes before them. */
export const BUILDERS = new URL('../../../glue-jobs/build-requirements.txt', import.meta.url);

/** The tests' own environments, beside those of the product. */
export function pythonEnvironment(
  name: string,
  requirements: readonly URL[],
  folder = HOME,
): Promise<string | undefined> {
  const say = (text: string) => process.stderr.write(`nightfeed tests: ${text}\n`);
  return environmentIn(name, requirements, {
    ...search,
    folder,
    exclusively: withLock,
    say,
  } satisfies PythonHome);
}

export const usablePython = () => usablePythonOf(search);
