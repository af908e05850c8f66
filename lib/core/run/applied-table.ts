import { type Fingerprint, sameFingerprint } from '../diff/fingerprint.ts';
import { columnsOf } from '../feed/columns.ts';
import { canonicalJson, readingSpecHash, readingSpecOf } from '../feed/reading-spec.ts';
import type { Column, Table } from '../feed/spec.ts';
import type { SnapshotManifest } from './snapshot-manifest.ts';

/** A column that the fingerprint covers. */
export type ComparedColumn = Pick<Column, 'name' | 'type'>;

/** What production holds of a table, as the ledger knows it. */
export interface AppliedTable {
  /** Key of the manifest. */
  readonly snapshot: string;
  readonly fingerprint: Fingerprint;
  readonly schema: string;
  readonly columns: readonly ComparedColumn[];
}

/** The difference between what ledger or snapshot say of a table, and tonight's table. */
export type ChangeOfMeaning =
  | { readonly kind: 'schema'; readonly held: string }
  /** Other columns are compared, or they have other types. */
  | { readonly kind: 'compared columns' }
  /** The ledger's fingerprint is not the snapshot's. */
  | { readonly kind: 'rows' }
  | { readonly kind: 'reading spec' }
  | { readonly kind: 'stored columns' };

/** The table as tonight's delivery writes it. */
export interface WrittenTable {
  readonly schema: string;
  readonly table: Table;
}

export function comparedColumns(table: Pick<Table, 'columns'>): ComparedColumn[] {
  return columnsOf(table)
    .filter((column) => column.compare)
    .map(({ name, type }) => ({ name, type }));
}

/**
 * Why the base's snapshot and tonight's table do not mean the same rows, columns and values; null when they do. Only
 * then the lake's snapshot equals what production holds.
 */
export function changeOfMeaning(
  held: AppliedTable,
  base: SnapshotManifest,
  { schema, table }: WrittenTable,
): ChangeOfMeaning | null {
  const ledger = changeInLedger(held, { schema, compared: comparedColumns(table) });
  if (ledger !== null) return ledger;
  if (!sameFingerprint(held.fingerprint, base.fingerprint)) return { kind: 'rows' };
  if (readingSpecHash(base.reading) !== readingSpecHash(readingSpecOf(table))) return { kind: 'reading spec' };
  const stored = columnsOf(table).map(({ name }) => name);
  if (base.stored !== undefined && canonicalJson(base.stored) !== canonicalJson(stored))
    return { kind: 'stored columns' };
  return null;
}

/** The same check, as far as the ledger alone can tell. */
export function changeInLedger(
  held: Pick<AppliedTable, 'schema' | 'columns'>,
  { schema, compared }: { readonly schema: string; readonly compared: readonly ComparedColumn[] },
): Extract<ChangeOfMeaning, { kind: 'schema' | 'compared columns' }> | null {
  if (held.schema !== schema) return { kind: 'schema', held: held.schema };
  return canonicalJson(held.columns) === canonicalJson(compared) ? null : { kind: 'compared columns' };
}
