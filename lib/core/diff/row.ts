import type { RejectCode } from '../records/reject.ts';

/** Canonical values in declared column order. */
export type Row = readonly (string | null)[];

/** A delivered record: fields as text (null for an unquoted null value), or what the scan found wrong with it. */
export type DeliveredRecord = (
  | { readonly fields: Row; readonly malformed?: never }
  /** Key fields by column index, if they can be read. */
  | { readonly malformed: RejectCode; readonly fields: Row | null }
) & {
  /** Index of its file among the table's files; 0 by default. */
  readonly file?: number;
};
