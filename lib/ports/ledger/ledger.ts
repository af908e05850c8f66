import type { AppliedState } from './applied.ts';
import type { Claims } from './claims.ts';
import type { Decisions } from './decisions.ts';
import type { ExpectedNights } from './expected-nights.ts';
import type { Lakes } from './lakes.ts';
import type { NumberLog } from './number-log.ts';
import type { Numbers } from './numbers.ts';
import type { OpenRuns } from './open-runs.ts';
import type { Outbox } from './outbox.ts';
import type { Pickups } from './pickups.ts';
import type { Runs } from './runs.ts';
import type { StepWorkers } from './step-workers.ts';
import type { WaitingRows } from './waiting-rows.ts';

/** All of the ledger. Who opens it has this; a function takes the parts that it uses. */
export interface Ledger
  extends LedgerPresence,
    Claims,
    OpenRuns,
    StepWorkers,
    NumberLog,
    Numbers,
    Runs,
    AppliedState,
    Lakes,
    Decisions,
    WaitingRows,
    Pickups,
    Outbox,
    ExpectedNights {}

export interface LedgerPresence {
  /** False when this database has no ledger yet; throws LEDGER_VERSION for one that has to be migrated first, or that is too new to be read. */
  exists(): Promise<boolean>;
}

/** Ports of which the ledger is only what a function uses of it. */
export interface WithLedger<Part> {
  readonly ledger: Part;
}
