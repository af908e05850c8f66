import { sameFingerprint, showFingerprint } from '../core/diff/fingerprint.ts';
import { NightfeedError } from '../core/errors.ts';
import { readingSpecOf } from '../core/feed/reading-spec.ts';
import { columnsOf, type Feed } from '../core/feed/spec.ts';
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
  open: OpenRun,
  table: string,
  held: Applied['tables'][string],
  ports: Ports,
): Promise<SnapshotManifest> {
  ports.say(`${table}: the lake lost the snapshot that production holds; it is read back from production`);
  const why = {
    what: `${table}: the lake lost its snapshot, and the live rows are`,
    hint: 'Somebody else changed the table, or the feed file changed since. Restore the lake, or run with the feed file as it was.',
  };
  const id = `${runName(open.run)}+rebuilt`;
  return readBack(open, { table, feed: open.order.feed, file: 'rebuilt.parquet', id }, held, why, ports);
}

interface ReadBack {
  readonly table: string;
  /** With the table's columns as they are read; the compared ones prove the rows. */
  readonly feed: Feed;
  readonly file: string;
  readonly id: string;
}

/** The live rows of a table as a snapshot, when they are what was applied; else DRIFT, in the words of `why`. */
export async function readBack(
  { run, attempt }: OpenRun,
  { table, feed, file, id }: ReadBack,
  held: Applied['tables'][string],
  why: { readonly what: string; readonly hint?: string },
  ports: Ports,
): Promise<SnapshotManifest> {
  const columns = columnsOf(feed.tables[table]!);
  return ports.engine.importRows(ports.warehouse.liveRows(feed, table), columns, async (rows) => {
    if (!sameFingerprint(rows.fingerprint, held.fingerprint)) {
      const [found, said] = [showFingerprint(rows.fingerprint), showFingerprint(held.fingerprint)];
      const { what, ...hint } = why;
      throw new NightfeedError('DRIFT', `${what} ${found}, where the ledger says ${said}`, hint);
    }
    const key = keys.snapshot(run, attempt, table, file);
    await ports.store.writeFile(key, rows.path);
    return liveSnapshot({ order: { feed }, table, key, id }, rows);
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
