import type { AppliedTable } from '../../core/run/applied-table.ts';
import type { RunId } from '../../core/run/keys.ts';

export interface AppliedState {
  /** null before the first publication. */
  applied(feed: string): Promise<Applied | null>;
}

/** What production holds of a feed. */
export interface Applied {
  readonly run: RunId;
  readonly delivery: string;
  readonly tables: Readonly<Record<string, AppliedTable>>;
}
