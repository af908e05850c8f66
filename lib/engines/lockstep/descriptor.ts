import type { EngineKind } from '../engine-kind.ts';

/** A feed that asks for it does not demand it: where it is not exact, DuckDB compares. */
export const lockstep = {
  name: 'lockstep',
  version: 'lockstep-1',
  async open({ pool }) {
    const { LockstepEngine } = await import('./engine.ts');
    return new LockstepEngine(pool);
  },
} as const satisfies EngineKind;
