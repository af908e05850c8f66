import type { FailPoint } from '../../../core/run/fail-point.ts';
import type { Owner } from '../../../ports/ledger/owner.ts';
import type { Limits, Patience } from './limits.ts';

export interface TargetOptions {
  /** Whether the process that owns a run has ended; only a process of the same host can be known. */
  isDead(owner: Owner): boolean;
  /** This process, where others can know that it is dead. */
  readonly self?: Owner;
  reach(point: FailPoint): Promise<void>;
  /** Of a publishing transaction, where they are to be others than usual. */
  readonly limits?: Partial<Limits>;
  readonly patience?: Partial<Patience>;
}
