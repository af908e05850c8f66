import { localSpark } from '../../../bin/spark.ts';
import { LocalSparkRunner } from '../../../lib/engines/spark/local-runner.ts';
import type { Store } from '../../../lib/ports/store.ts';

/** For hundreds of tiny plans: to compile them well, and to collect garbage in parallel, would take longer than to run them. */
export const BRIEF_JVM = '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC';

/** pyspark on this machine; a session is started for the first plan. */
export function sparkHere(store: Store): LocalSparkRunner {
  return new LocalSparkRunner(store, localSpark(console.error), { memory: '1g', threads: 2, java: BRIEF_JVM });
}
