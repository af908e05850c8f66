import type { EngineKind } from '../engine-kind.ts';

/** A feed may ask for lockstep, but not demand it: where it would not be exact, DuckDB compares. */
export const lockstep = {
  name: 'lockstep',
  version: 'lockstep-1',
  async open({ pool }) {
    const { LockstepEngine } = await import('./engine.ts');
    return new LockstepEngine(pool);
  },
} as const satisfies EngineKind;
