import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The oldest version that Spark 4.1 runs on. */
const OLDEST = 17;

export const NO_JAVA = `no Java ${OLDEST} or newer in JAVA_HOME or on the path`;

/** Whether `java` of JAVA_HOME, or of the path, is new enough. */
export async function isJavaUsable(env: { readonly JAVA_HOME?: string; readonly PATH?: string }): Promise<boolean> {
  const command = env.JAVA_HOME ? join(env.JAVA_HOME, 'bin', 'java') : 'java';
  return run(command, ['-version'], { env }).then(
    // Java prints `openjdk version "17.0.15" 2025-04-15` to standard error.
    ({ stderr }) => Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0) >= OLDEST,
    () => false,
  );
}
