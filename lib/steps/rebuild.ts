import { sameFingerprint, showFingerprint } from '../core/diff/fingerprint.ts';
import { NightfeedError } from '../core/errors.ts';
import { readingSpecOf } from '../core/feed/reading-spec.ts';
import { columnsOf } from '../core/feed/spec.ts';
import { keys, runName } from '../core/run/keys.ts';
import type { SnapshotManifest } from '../core/run/receipt.ts';
import type { ImportedRows } from './engine-port.ts';
import type { Applied } from './ledger-port.ts';
import type { OpenRun } from './order.ts';
import type { Ports } from './ports.ts';

/**
 * The base read back from production, when the lake lost it. Only rows with the fingerprint that the ledger has are the
 * base: on anything else no change set can be built. Throws DRIFT.
 */
export async function rebuildBase(
  { order, run, attempt }: OpenRun,
  table: string,
  held: Applied['tables'][string],
  ports: Ports,
): Promise<SnapshotManifest> {
  ports.say(`${table}: the lake lost the snapshot that production holds; it is read back from production`);
  const columns = columnsOf(order.feed.tables[table]!);
  return ports.engine.importRows(ports.warehouse.liveRows(order.feed, table), columns, async (rows) => {
    if (!sameFingerprint(rows.fingerprint, held.fingerprint)) {
      throw new NightfeedError(
        'DRIFT',
        `${table}: the lake lost its snapshot, and the live rows are ${showFingerprint(rows.fingerprint)}, where the ledger says ${showFingerprint(held.fingerprint)}`,
        {
          hint: 'Somebody else changed the table, or the feed file changed since. Restore the lake, or run with the feed file as it was.',
        },
      );
    }
    const key = keys.snapshot(run, attempt, table, 'rebuilt.parquet');
    await ports.store.writeFile(key, rows.path);
    return liveSnapshot({ order, table, key, id: `${runName(run)}+rebuilt` }, rows);
  });
}

/** A snapshot of nothing but rows that production holds. */
export function liveSnapshot(
  { order, table, key, id }: { order: Pick<OpenRun['order'], 'feed'>; table: string; key: string; id: string },
  { fingerprint, nulls }: ImportedRows,
): SnapshotManifest {
  const spec = order.feed.tables[table]!;
  return {
    id,
    table,
    reading: readingSpecOf(spec),
    compared: columnsOf(spec)
      .filter((column) => column.compare)
      .map((column) => column.name),
    files: [],
    drops: null,
    carried: fingerprint.rows > 0 ? { key, count: fingerprint.rows } : null,
    fingerprint,
    nulls,
  };
}
