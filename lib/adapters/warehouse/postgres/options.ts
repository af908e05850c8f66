import type { FailPoint } from '../../../core/run/fail-point.ts';
import type { Owner } from '../../../steps/ledger-port.ts';

export interface WarehouseOptions {
  /** Whether the process that owns a run has ended; only a process of the same host can be known. */
  isDead(owner: Owner): boolean;
  reach(point: FailPoint): Promise<void>;
  /** How long publish waits for a lock of somebody else; 10 s unless told. */
  readonly lockTimeoutMs?: number;
}
