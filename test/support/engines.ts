import { describe } from 'vitest';
import { lackOfSpark } from '../../bin/spark.ts';
import type { Feed } from '../../lib/core/feed/spec.ts';

type EngineName = Exclude<Feed['engine'], 'auto'>;

const lack = await lackOfSpark();

/** A JVM starts in seconds, and on a busy machine in many; the first time, Spark is installed too. */
const SPARK_TIMEOUT = 240_000;

/** Tests of some engines, each with the number of generated cases that it has time for: a night on Spark takes a second. */
export function describeEngines(
  names: readonly EngineName[],
  tests: (engine: EngineName, runs: (usual: number) => number) => void,
): void {
  for (const name of names) {
    const isSpark = name === 'spark';
    const title = isSpark && lack ? `spark (skipped: ${lack})` : name;
    describe.skipIf(isSpark && lack !== undefined)(title, isSpark ? { timeout: SPARK_TIMEOUT } : {}, () =>
      tests(name, (usual) => (isSpark ? Math.ceil(usual / 10) : usual)),
    );
  }
}
