import type { RunId } from '../../core/run/keys.ts';
import type { LakeSize } from '../../core/run/lake-size.ts';
import type { EndedStep } from '../../core/run/step-use.ts';

/** Numbers that stay, for reports. What a run came to is written by the ledger itself, with the end of the run. */
export interface NumberLog {
  /** Nothing happens when the run is somebody else's by now. */
  logStep(run: RunId, fence: number, step: EndedStep): Promise<void>;
  /** What the feed's part of the lake holds. */
  logStorage(run: RunId, sizes: readonly LakeSize[]): Promise<void>;
}
