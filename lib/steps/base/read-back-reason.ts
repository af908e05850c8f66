import type { ChangeOfMeaning } from '../../core/run/applied-table.ts';

/** Why a base cannot be the snapshot in the lake, and is read back from production. */
export type ReadBackReason = ChangeOfMeaning | NotInLedger | LostSnapshot;

interface NotInLedger {
  readonly kind: 'not in the ledger';
}

/** The snapshot, or an object of it, is missing or damaged. `what` is for people. */
export interface LostSnapshot {
  readonly kind: 'lost';
  readonly what: string;
}

export function wordsOf(reason: ReadBackReason): string {
  switch (reason.kind) {
    case 'schema':
      return `the table was in the schema ${reason.held}`;
    case 'compared columns':
      return 'other columns are compared than before, or as other types';
    case 'rows':
      return 'the ledger speaks of other rows than the snapshot';
    case 'reading spec':
      return 'the reading spec changed';
    case 'stored columns':
      return 'the table has other columns than before';
    case 'not in the ledger':
      return 'the ledger knows nothing of the table';
    case 'lost':
      return `the lake lost the snapshot (${reason.what})`;
  }
}
