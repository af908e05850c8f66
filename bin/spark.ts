import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NightfeedError } from '../lib/core/errors.ts';
import type { LocalSpark } from '../lib/engines/spark/local-runner.ts';
import { isJavaUsable, NO_JAVA } from '../lib/engines/spark/runtime/java.ts';
import {
  installerEnvironment,
  NO_PYTHON,
  pythonEnvironment,
  usablePython,
} from '../lib/engines/spark/runtime/python-environment.ts';
import { withLock } from '../lib/local/file-lock.ts';

/** Within node_modules, so that a new installation removes it. */
const INSTALLED = fileURLToPath(new URL('../node_modules/.cache/nightfeed/', import.meta.url));
/** pyspark is built from source, so the packages to build it come first. */
const REQUIREMENTS = ['build-requirements.txt', 'requirements.txt'].map(
  (file) => new URL(`../glue-jobs/${file}`, import.meta.url),
);

const search = () => ({
  pyenv: process.env.PYENV_ROOT ?? join(homedir(), '.pyenv'),
  environment: installerEnvironment(process.env),
});

/** The environment of Spark's processes: where Java and other programs are, and nothing else. */
function sparkEnvironment(): Record<string, string> {
  const { JAVA_HOME, PATH } = process.env;
  return { ...(PATH ? { PATH } : {}), ...(JAVA_HOME ? { JAVA_HOME } : {}) };
}

/** What Spark needs and this machine lacks; undefined when nothing is missing. */
export async function lackOfSpark(): Promise<string | undefined> {
  if (!(await isJavaUsable(sparkEnvironment()))) return NO_JAVA;
  return (await usablePython(search())) === undefined ? NO_PYTHON : undefined;
}

/**
 * pyspark in a Python environment of its own, which is made at the first use. Throws ENGINE_MISSING without Python or Java, or when pip
 * could not get the pinned packages.
 */
export function localSpark(say: (text: string) => void, folder = INSTALLED): LocalSpark {
  return async () => {
    const lack = await lackOfSpark();
    if (lack) throw noSpark(lack);
    const home = { ...search(), folder, exclusively: withLock, say };
    const python = await pythonEnvironment('spark', REQUIREMENTS, home).catch((error: Error & { stderr?: string }) => {
      throw noSpark(`pyspark is not installed: ${pipErrors(error.stderr) ?? error.message}`);
    });
    return { python: python!, environment: sparkEnvironment() };
  };
}

/** The lines of pip's output that are errors. */
function pipErrors(stderr = ''): string | undefined {
  return /^ERROR: (.+)$/m.exec(stderr)?.[1];
}

export function noSpark(lack: string): NightfeedError {
  return new NightfeedError('ENGINE_MISSING', `engine spark cannot run here: ${lack}`);
}
