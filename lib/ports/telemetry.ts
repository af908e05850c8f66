import type { Feed } from '../core/feed/spec.ts';
import type { RunId } from '../core/run/keys.ts';
import type { ErrorReport } from '../core/run/message.ts';
import type { TableSummary } from '../core/run/night-result.ts';
import type { RunState } from '../core/run/state.ts';
import type { EndedStep } from '../core/run/step-use.ts';

/** Who is told of nights beside the ledger. Neither call waits, and neither fails. */
export interface Telemetry {
  begins(night: BegunNight): void;
  ends(night: EndedNight): void;
}

/** A run that this process opened. */
export interface BegunNight {
  readonly run: RunId;
  readonly fence: number;
  readonly at: Date;
  readonly feed: Feed;
}

export interface EndedNight extends BegunNight {
  readonly state: RunState;
  readonly error: ErrorReport | null;
  readonly endedAt: Date;
  readonly tables: Readonly<Record<string, TableSummary>>;
  /** In the order in which they ended. */
  readonly steps: readonly EndedStep[];
  /** By table, the files that landed. */
  readonly files: Readonly<Record<string, readonly { readonly name: string; readonly size: number }[]>>;
}
