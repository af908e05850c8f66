import type { RunId } from '../../core/run/keys.ts';
import type { ErrorReport } from '../../core/run/message.ts';
import type { RunState } from '../../core/run/state.ts';
import type { StepName } from '../../core/workflow/workflows.ts';
import type { Owner } from './owner.ts';

/** For steps that are processes of their own: they come and go under one owner, and tell each other here what came of them. */
export interface StepWorkers {
  /**
   * Another process of the same owner takes the run up, for so many seconds: raises the fence and forgets the outcome of the
   * step that it begins. null when the run is not running, or is somebody else's.
   */
  enter(run: RunId, owner: Owner, entry: StepEntry): Promise<number | null>;
  /** Throws FENCED. */
  recordOutcome(run: RunId, fence: number, step: StepName, outcome: RecordedOutcome): Promise<void>;
  /** null for a run that the ledger does not know. */
  progress(run: RunId): Promise<Progress | null>;
  /** The run that an owner worked on last. */
  runOf(owner: Owner): Promise<RunId | null>;
}

export interface StepEntry {
  /** Seconds. */
  readonly lease: number;
  readonly begins?: StepName;
}

/** How a step ended in a process of its own. */
export type RecordedOutcome = { readonly outcome: string } | { readonly error: ErrorReport };

/** Where a run stands, for who decides what comes next. */
export interface Progress {
  readonly state: RunState;
  /** null when nobody works on it. */
  readonly owner: Owner | null;
  readonly outcomes: Readonly<Partial<Record<StepName, RecordedOutcome>>>;
}
