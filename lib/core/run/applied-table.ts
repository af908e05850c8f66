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
): string | null {
  const ledger = changeInLedger(held, { schema, compared: comparedColumns(table) });
  if (ledger !== null) return ledger;
  if (!sameFingerprint(held.fingerprint, base.fingerprint)) return 'the ledger speaks of other rows than the snapshot';
  if (readingSpecHash(base.reading) !== readingSpecHash(readingSpecOf(table))) return 'the reading spec changed';
  const stored = columnsOf(table).map(({ name }) => name);
  if (base.stored !== undefined && canonicalJson(base.stored) !== canonicalJson(stored))
    return 'the table has other columns than before';
  return null;
}

/** The same check, as far as the ledger alone can tell. */
export function changeInLedger(
  held: Pick<AppliedTable, 'schema' | 'columns'>,
  { schema, compared }: { readonly schema: string; readonly compared: readonly ComparedColumn[] },
): string | null {
  if (held.schema !== schema) return `the table was in the schema ${held.schema}`;
  if (canonicalJson(held.columns) === canonicalJson(compared)) return null;
  return 'other columns are compared than before, or as other types';
}
