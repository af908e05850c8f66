import { describe } from 'vitest';
import { lackOfSpark } from '../../../bin/spark.ts';
import type { Feed } from '../../../lib/core/feed/spec.ts';
import { isFull } from '../full.ts';
import { variantsOf } from '../variants.ts';

type EngineName = Exclude<Feed['engine'], 'auto'>;

const lack = await lackOfSpark();

/** A JVM starts in seconds, and on a busy machine in many; the first time, Spark is installed too. */
const SPARK_TIMEOUT = 600_000;

/** On Spark, of which a night takes seconds, the usual run has time for every third case. */
const SPARK_SHARE = 3;

/**
 * Tests of some engines. `runs`: how many generated cases an engine has time for; `some`: which of the written ones, all of
 * them under FULL=1.
 */
export function describeEngines(
  names: readonly EngineName[],
  tests: (
    engine: EngineName,
    runs: (usual: number) => number,
    some: <Case>(all: readonly Case[]) => readonly Case[],
  ) => void,
): void {
  for (const name of variantsOf(names, (name) => name === 'spark')) {
    const isSpark = name === 'spark';
    const title = isSpark && lack ? `spark (skipped: ${lack})` : name;
    describe.skipIf(isSpark && lack !== undefined)(title, isSpark ? { timeout: SPARK_TIMEOUT } : {}, () =>
      tests(
        name,
        (usual) => (isSpark ? Math.ceil(usual / 10) : usual),
        (all) => all.filter((_each, index) => isFull || !isSpark || index % SPARK_SHARE === 0),
      ),
    );
  }
}
