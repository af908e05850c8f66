import type { NightfeedError } from '../../core/errors.ts';
import type { Finding } from '../../core/guards/finding.ts';
import type { RunId } from '../../core/run/keys.ts';
import type { RunMessage } from '../../core/run/message.ts';
import type { RunFiles } from '../../core/run/run-files.ts';
import type { RunState } from '../../core/run/state.ts';
import type { StepTimes } from '../../core/run/step-times.ts';
import type { RunFacts } from './runs.ts';

/** What the owner of a run says of it while it works, and when it ends. Throws FENCED when the run is somebody else's by now. */
export interface OpenRuns extends Notes, Heartbeats, Endings {}

export interface Notes {
  note(run: RunId, fence: number, facts: NotedFacts): Promise<void>;
}

export interface NotedFacts extends RunFacts {
  /** For the log of loads; nobody reads it of a run. Each part takes the place of the one before. */
  readonly files?: Partial<RunFiles>;
}

export interface Heartbeats {
  /** Renews the lease. */
  heartbeat(run: RunId, fence: number, lease?: number): Promise<void>;
  /** What its steps took so far; also after the run ended, as long as it is nobody else's: else nothing happens. */
  noteSteps(run: RunId, fence: number, steps: StepTimes): Promise<void>;
}

export interface Endings {
  /** State, error, holds and the outgoing message in one transaction; releases the lease. */
  stop(run: RunId, fence: number, end: RunEnd): Promise<void>;
}

export interface RunEnd {
  readonly state: RunState;
  readonly error: NightfeedError | null;
  readonly holds: readonly Finding[];
  readonly message: RunMessage;
  /** Where one process took the steps; the ledger takes the time of processes that take one step each. */
  readonly steps?: StepTimes;
}
