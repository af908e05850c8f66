import type { EngineKind } from '../engine-kind.ts';

export const duckdb = {
  name: 'duckdb',
  version: 'duckdb-1.5',
  demand: ({ engine }) => (engine === 'duckdb' ? { reason: 'the feed asks for it' } : null),
  async open({ pool }) {
    const { DuckDbEngine } = await import('./engine.ts');
    return new DuckDbEngine(pool);
  },
} as const satisfies EngineKind;
