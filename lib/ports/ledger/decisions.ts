import type { Approval } from '../../core/guards/approval.ts';
import type { GuardName } from '../../core/guards/guard-names.ts';
import type { RunId } from '../../core/run/keys.ts';
import type { RunMessage } from '../../core/run/message.ts';

/** What people decided on held runs. */
export interface Decisions {
  /** Records a decision on a held run's change set; a rejection ends the run and leaves its message. Throws NOT_HELD. */
  decide(run: RunId, decision: Decision, message: RunMessage): Promise<void>;
  /** All that was decided on a run, oldest first. */
  decisions(run: RunId): Promise<MadeDecision[]>;
  approvals(run: RunId, changeSet: string): Promise<Approval[]>;
}

export interface Decision {
  readonly changeSet: string;
  readonly verdict: 'approved' | 'rejected';
  /** What is approved; null for a rejection, which ends the run as a whole. */
  readonly guards: readonly GuardName[] | null;
  readonly by: string;
  readonly reason: string;
}

export interface MadeDecision extends Decision {
  readonly at: Date;
}
