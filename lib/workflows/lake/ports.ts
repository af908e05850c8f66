import type { LedgerPresence, WithLedger } from '../../ports/ledger/ledger.ts';
import type { NeedPorts } from '../../steps/retention/need.ts';

/** It reads, and writes nothing. */
export type LakePorts = NeedPorts & WithLedger<LedgerPresence>;
