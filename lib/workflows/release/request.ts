import type { Feed } from '../../core/feed/spec.ts';
import type { RunId } from '../../core/run/keys.ts';
import type { Applied } from '../../ports/ledger/applied.ts';
import type { Owner } from '../../ports/ledger/owner.ts';
import type { EngineRelease, ReleaseInput } from '../../ports/quarantine.ts';
import type { Base } from '../../steps/base/base.ts';

/** A request to read quarantined rows of a run again, under today's feed file. */
export interface ReleaseRequest {
  readonly feed: Feed;
  readonly folder: string;
  readonly owner: Owner;
  readonly run: RunId;
  readonly table: string | null;
  readonly code: string | null;
  /** Who asked for it; absent unless that is proved. */
  readonly by?: string;
}

/** The rows that were read. */
export interface ReleasedRows {
  readonly request: ReleaseRequest;
  readonly applied: Applied;
  readonly inputs: readonly ReleaseTable[];
  /** By table. */
  readonly found: Readonly<Record<string, EngineRelease>>;
}

/** The inputs of an engine for a table, and where its base is from. */
export interface ReleaseTable extends ReleaseInput {
  readonly from: Base;
}
