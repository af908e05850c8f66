import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withLock } from '../lib/adapters/embedded-postgres/lock.ts';
import type { LocalSpark } from '../lib/adapters/engine/spark/local-site.ts';
import { isJavaUsable, NO_JAVA } from '../lib/adapters/runtime/java.ts';
import { NO_PYTHON, pythonEnvironment, usablePython } from '../lib/adapters/runtime/python-environment.ts';
import { NightfeedError } from '../lib/core/errors.ts';

/** Beside what is installed, and gone when it is installed anew. */
const INSTALLED = fileURLToPath(new URL('../node_modules/.cache/nightfeed/', import.meta.url));
const REQUIREMENTS = new URL('../glue-jobs/requirements.txt', import.meta.url);

const pyenv = () => process.env.PYENV_ROOT ?? join(homedir(), '.pyenv');

/** What Spark would need and this machine has not. */
export async function lackOfSpark(): Promise<string | undefined> {
  if (!(await isJavaUsable(process.env.JAVA_HOME))) return NO_JAVA;
  return (await usablePython(pyenv())) === undefined ? NO_PYTHON : undefined;
}

/** pyspark in an environment of its own, made at the first use. Throws ENGINE_MISSING without Python or Java. */
export function localSpark(say: (text: string) => void): LocalSpark {
  return async () => {
    const lack = await lackOfSpark();
    if (lack) throw noSpark(lack);
    const home = { folder: INSTALLED, pyenv: pyenv(), exclusively: withLock, say };
    const python = (await pythonEnvironment('spark', REQUIREMENTS, home))!;
    const { JAVA_HOME, PATH } = process.env;
    return { python, environment: { ...(PATH ? { PATH } : {}), ...(JAVA_HOME ? { JAVA_HOME } : {}) } };
  };
}

export function noSpark(lack: string): NightfeedError {
  return new NightfeedError('ENGINE_MISSING', `engine spark cannot run here: ${lack}`);
}
