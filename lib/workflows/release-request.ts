import type { Feed } from '../core/feed/spec.ts';
import type { RunId } from '../core/run/keys.ts';
import type { Applied } from '../ports/ledger/applied.ts';
import type { Owner } from '../ports/ledger/owner.ts';
import type { EngineRelease, ReleaseInput } from '../ports/quarantine.ts';

/** Quarantined rows of a run, to be read again under today's feed file. */
export interface ReleaseRequest {
  readonly feed: Feed;
  readonly folder: string;
  readonly owner: Owner;
  readonly run: RunId;
  readonly table: string | null;
  readonly code: string | null;
  /** Who wants it, where that is proved. */
  readonly by?: string;
}

/** Those rows, read. */
export interface ReleasedRows {
  readonly request: ReleaseRequest;
  readonly applied: Applied;
  readonly inputs: readonly ReleaseTable[];
  /** By table. */
  readonly found: Readonly<Record<string, EngineRelease>>;
}

/** What an engine reads of a table, and why its base was read back, if it was. */
export interface ReleaseTable extends ReleaseInput {
  readonly readBack: string | null;
}
