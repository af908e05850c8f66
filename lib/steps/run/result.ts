import type { RunId } from '../../core/run/keys.ts';
import type { ErrorReport } from '../../core/run/message.ts';
import type { NightResult } from '../../core/run/night-result.ts';
import type { RunState } from '../../core/run/state.ts';

export function answered(run: RunId | null, state: RunState, error: ErrorReport | null = null): NightResult {
  return { run, state, attempt: null, tables: {}, holds: [], warnings: [], error, steps: {} };
}
