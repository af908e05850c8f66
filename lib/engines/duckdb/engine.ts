import { NightfeedError } from '../../core/errors.ts';
import type { EngineDiff, EngineInput } from '../../ports/comparison.ts';
import { Unsuitable } from '../common/unsuitable.ts';
import type { TableEngine } from '../engine-kind.ts';
import { compare } from './compare.ts';
import { prepareInputs } from './inputs.ts';
import type { DuckDbPool } from './pool.ts';

/** The typed full outer join, for every table that no other engine takes. */
export class DuckDbEngine implements TableEngine {
  readonly #pool: DuckDbPool;

  constructor(pool: DuckDbPool) {
    this.#pool = pool;
  }

  obstacleTo(): null {
    return null;
  }

  async diff(input: EngineInput, folder: string, reason: string): Promise<EngineDiff> {
    const inputs = await prepareInputs(this.#pool.store, input, folder);
    const found = await this.#pool.inSchema((session) => compare(session, input, inputs, folder));
    if (found instanceof Unsuitable) throw new NightfeedError('ENGINE_DISAGREES', found.reason);
    return { engine: 'duckdb', reason, ...found };
  }
}
