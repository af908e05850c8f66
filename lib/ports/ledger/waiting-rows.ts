import type { RejectCode } from '../../core/records/reject.ts';
import type { RunId } from '../../core/run/keys.ts';

/** What is in quarantine, as the ledger counts it. */
export interface WaitingRows {
  /** Oldest run first. */
  quarantined(filter: QuarantineFilter): Promise<Quarantined[]>;
}

/** Rows of one run, table and reason that wait. */
export interface Quarantined {
  readonly run: RunId;
  readonly table: string;
  readonly code: RejectCode;
  readonly rows: number;
  /** The report that holds them; null as the night left it. */
  readonly object: string | null;
}

export interface QuarantineFilter {
  readonly feed?: string;
  readonly run?: RunId;
  readonly table?: string;
  readonly code?: string;
}
