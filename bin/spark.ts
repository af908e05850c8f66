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
import { withLock } from '../lib/local/embedded-postgres/file-lock.ts';

/** Beside what is installed, and gone when it is installed anew. */
const INSTALLED = fileURLToPath(new URL('../node_modules/.cache/nightfeed/', import.meta.url));
/** pyspark is source, so what builds it comes first. */
const REQUIREMENTS = ['build-requirements.txt', 'requirements.txt'].map(
  (file) => new URL(`../glue-jobs/${file}`, import.meta.url),
);

const search = () => ({
  pyenv: process.env.PYENV_ROOT ?? join(homedir(), '.pyenv'),
  environment: installerEnvironment(process.env),
});

/** Spark's own processes see where Java and their programs are, and nothing else. */
function sparkEnvironment(): Record<string, string> {
  const { JAVA_HOME, PATH } = process.env;
  return { ...(PATH ? { PATH } : {}), ...(JAVA_HOME ? { JAVA_HOME } : {}) };
}

/** What Spark would need and this machine has not. */
export async function lackOfSpark(): Promise<string | undefined> {
  if (!(await isJavaUsable(sparkEnvironment()))) return NO_JAVA;
  return (await usablePython(search())) === undefined ? NO_PYTHON : undefined;
}

/**
 * pyspark in an environment of its own, made at the first use. Throws ENGINE_MISSING without Python or Java, or where pip did not
 * get what was pinned.
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

/** What went wrong, among what else pip writes. */
function pipErrors(stderr = ''): string | undefined {
  return /^ERROR: (.+)$/m.exec(stderr)?.[1];
}

export function noSpark(lack: string): NightfeedError {
  return new NightfeedError('ENGINE_MISSING', `engine spark cannot run here: ${lack}`);
}
