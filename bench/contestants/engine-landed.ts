import { LocalEngine } from '../../lib/adapters/engine/engine.ts';
import { folderStore } from '../../lib/adapters/store/folder.ts';
import type { EngineInput } from '../../lib/steps/engine-port.ts';
import type { Contestant } from '../contestant.ts';
import { engineInput, type Landing } from '../landing.ts';
import { engineLimits } from '../limits.ts';

interface Prepared {
  readonly landing: Landing;
  readonly lake: string;
  readonly scratch: string;
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

function fromLanding(
  labels: { name: string; title: string; against?: string },
  engine: EngineInput['engine'],
): Contestant<Prepared> {
  return {
    ...labels,
    group: 'diff',
    isSlow: engine === 'duckdb',
    async prepare(arena) {
      return { landing: await arena.landing(), lake: arena.lake, scratch: arena.scratch };
    },
    async run({ landing, lake, scratch }, watch) {
      const local = new LocalEngine({ store: folderStore(lake), lake, scratch, ...engineLimits });
      try {
        watch.lap('diff');
        return await local.diff(engineInput(landing, engine), async ({ inserted, updated, gone }) => {
          watch.stop();
          return { counts: { inserted, updated, gone } };
        });
      } finally {
        await local.close();
      }
    },
  };
}
