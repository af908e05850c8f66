import type { HeaderChange } from '../feed/schema-change.ts';
import type { RecordEnd } from '../run/file-parts.ts';

/** What the records of a file are like. */
export interface Head {
  /** Column names in file order, in the declared spelling. A last empty name stands for an extra delimiter. */
  readonly header: string[];
  /** Every record ends with an extra delimiter. */
  readonly spare: boolean;
  readonly recordEnd: RecordEnd;
  /** How the columns differ from the declared ones. */
  readonly change: HeaderChange;
  readonly notes: string[];
}
