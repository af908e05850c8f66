import type { RunId } from '../../core/run/keys.ts';

/** The vendor's files that are taken away after they are published. */
export interface Pickups {
  /** Keeps which files of a run are taken away, before any of them is. A run's files are kept once: later calls change nothing. */
  planPickup(run: RunId, files: readonly PlannedFile[]): Promise<void>;
  /** Files that were not taken yet, of one feed or of all, oldest run first. */
  openPickups(feed?: string): Promise<OpenPickup[]>;
  /** Whether a run's files were kept. */
  isPickupPlanned(run: RunId): Promise<boolean>;
  /** `outcome` ends it; with null the file stays open, and the reason says why it is still there. */
  notePickup(run: RunId, name: string, outcome: PickupOutcome | null, reason: string | null): Promise<void>;
}

export interface PlannedFile {
  readonly name: string;
  readonly size: number;
  readonly modified: string | null;
  readonly version: string | null;
  readonly action: 'delete' | 'move';
  /** The folder into which it moves. */
  readonly target: string | null;
}

export interface OpenPickup extends PlannedFile {
  readonly run: RunId;
  /** Why it was not taken when that was tried last. */
  readonly reason: string | null;
}

/** `gone`: somebody else took it. `changed`: another file has its name by now, and is left. */
export type PickupOutcome = 'done' | 'gone' | 'changed';
