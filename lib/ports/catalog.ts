import type { Column } from '../core/feed/spec.ts';

export interface ShownTable {
  readonly name: string;
  readonly columns: readonly Column[];
  /** Prefix of the keys of its files, `/` at the end. */
  readonly folder: string;
  /** Date and revision, for people. */
  readonly delivery: string;
}

export interface Catalog {
  /** From now on the table has these columns, and its rows are in these files. */
  show(table: ShownTable): Promise<void>;
}
