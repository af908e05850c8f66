import type { Finding } from '../../core/guards/finding.ts';
import type { RunId } from '../../core/run/keys.ts';
import type { ErrorReport } from '../../core/run/message.ts';
import type { RunState } from '../../core/run/state.ts';
import type { TableSummary } from './summary.ts';

/** How a night ended, as far as it got. */
export interface NightResult {
  readonly run: RunId | null;
  readonly state: RunState;
  /** The fence of this attempt; null when no run was opened. */
  readonly attempt: number | null;
  readonly tables: Readonly<Record<string, TableSummary>>;
  readonly holds: readonly Finding[];
  readonly warnings: readonly Finding[];
  readonly error: ErrorReport | null;
  /** Seconds by step. */
  readonly steps: Readonly<Record<string, number>>;
}

export function answered(run: RunId | null, state: RunState, error: ErrorReport | null = null): NightResult {
  return { run, state, attempt: null, tables: {}, holds: [], warnings: [], error, steps: {} };
}
