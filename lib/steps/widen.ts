import { uncomparedText } from '../core/feed/spec/column.ts';
import { type Column, columnsOf, type Table } from '../core/feed/spec.ts';
import type { SnapshotManifest } from '../core/run/receipt.ts';
import type { Applied } from './ledger-port.ts';
import type { OpenRun } from './order.ts';
import type { Ports } from './ports.ts';
import { readBack } from './rebuild.ts';

/**
 * The base as production holds it, where columns are compared from now on that were not when it was written: what a snapshot
 * knows of them is what the vendor sent, and production may have kept something else. Throws DRIFT when production is not
 * what was applied.
 */
export async function widenBase(
  open: OpenRun,
  table: string,
  base: SnapshotManifest,
  held: Applied['tables'][string],
  ports: Ports,
): Promise<SnapshotManifest> {
  const { order } = open;
  const spec = order.feed.tables[table]!;
  const wide = wideTable(spec, base);
  if (wide === null) return base;
  ports.say(`${table}: other columns are compared than before; the base is read from production`);
  const feed = { ...order.feed, tables: { ...order.feed.tables, [table]: wide } };
  const why = { what: `${table}: the live rows are` };
  return readBack(open, { table, feed, file: 'widened.parquet', id: base.id }, held, why, ports);
}

/**
 * The table with the columns that the base compared, first and alone compared, so that their fingerprint proves the rows. null
 * where nothing is compared anew, or a type changed: then the old values are not in production any more.
 */
function wideTable(spec: Table, base: SnapshotManifest): Table | null {
  const columns = columnsOf(spec);
  if (columns.every(({ name, compare }) => !compare || base.compared.includes(name))) return null;
  const then = base.compared.map((name) => base.reading.columns.find((column) => column.name === name)!);
  const now = (name: string) => columns.find((column) => column.name === name);
  if (then.some(({ name, type }) => now(name) && now(name)!.type !== type)) return null;
  const known = then.map(({ name, type, key }): Column => ({ ...uncomparedText, name, type, key, compare: true }));
  const added = columns
    .filter(({ name }) => !base.compared.includes(name))
    .map((column) => ({ ...column, compare: false }));
  return {
    ...spec,
    columns: Object.fromEntries([...known, ...added].map(({ name, ...column }) => [name, column])),
  };
}
