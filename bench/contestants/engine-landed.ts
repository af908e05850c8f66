import { localSpark } from '../../bin/spark.ts';
import { LocalEngine } from '../../lib/engines/engine.ts';
import { type LocalSpark, LocalSparkRunner } from '../../lib/engines/spark/local-runner.ts';
import { folderStore } from '../../lib/stores/folder/folder.ts';
import { changesOf } from '../changes.ts';
import type { Contestant } from '../contestant.ts';
import { engineInput, type Landing } from '../landing.ts';
import { engineLimits, sparkLimits } from '../limits.ts';

interface Prepared {
  readonly landing: Landing;
  readonly lake: string;
  readonly scratch: string;
  /** For who needs it: to install it is not timed. */
  readonly spark: Awaited<ReturnType<LocalSpark>> | null;
}

export const lockstepLanded = fromLanding(
  { name: 'lockstep-landed', title: 'lockstep, both sides landed', against: 'duckdb-csv' },
  'lockstep',
);
export const autoLanded = fromLanding(
  { name: 'auto-landed', title: '`engine: auto`, both sides landed', against: 'duckdb-landed' },
  'auto',
);
export const duckdbLanded = fromLanding(
  { name: 'duckdb-landed', title: '`engine: duckdb`, both sides landed' },
  'duckdb',
);
export const sparkLanded = fromLanding({ name: 'spark-landed', title: '`engine: spark`, both sides landed' }, 'spark');

function fromLanding(labels: { name: string; title: string; against?: string }, engine: string): Contestant<Prepared> {
  return {
    ...labels,
    group: 'diff',
    isSlow: engine === 'duckdb',
    async prepare(arena) {
      const spark = engine === 'spark' ? await localSpark(console.error)() : null;
      return { landing: await arena.landing(), lake: arena.lake, scratch: arena.scratch, spark };
    },
    async run({ landing, lake, scratch, spark }, watch) {
      const local = new LocalEngine({
        store: folderStore(lake),
        scratch,
        ...engineLimits,
        spark: (store) => new LocalSparkRunner(store, async () => spark!, sparkLimits),
      });
      try {
        watch.lap('diff');
        return await local.diff(engineInput(landing, engine), async (found) => {
          watch.stop();
          const { inserted, updated, gone } = found;
          return { counts: { inserted, updated, gone }, changes: await changesOf(found, scratch) };
        });
      } finally {
        await local.close();
      }
    },
  };
}
