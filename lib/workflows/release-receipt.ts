import { addFingerprints, subtractFingerprints } from '../core/diff/fingerprint.ts';
import { moveNulls } from '../core/diff/null-counts.ts';
import type { Samples } from '../core/diff/samples.ts';
import { contentHash } from '../core/feed/reading-spec.ts';
import { noSchemaChange } from '../core/feed/schema-change.ts';
import { keys, runName } from '../core/run/keys.ts';
import {
  type ChangeKind,
  type DiffReceipt,
  recordBytes,
  type SnapshotManifest,
  type TableDiff,
} from '../core/run/receipt.ts';
import type { ReleasedTable } from '../core/run/release-counts.ts';
import type { Ports } from '../ports/ports.ts';
import { EngineFiles } from '../steps/base/engine-files.ts';
import { keepManifest } from '../steps/base/snapshot.ts';
import { besideBase } from '../steps/diff.ts';
import { keep } from '../steps/run/keep.ts';
import type { OpenRun } from '../steps/run/run-request.ts';
import type { ReleasedRows } from './release-request.ts';

/**
 * Keeps released rows as a change set, and the base that they make: the same records of the last delivery, and the released
 * rows carried beside them, so that it stays exactly what production holds.
 */
export async function keepRelease(
  open: OpenRun,
  { request: { run: of }, applied, inputs, found }: ReleasedRows,
  ports: Ports,
): Promise<DiffReceipt> {
  const tables: Record<string, TableDiff> = {};
  const released: Record<string, ReleasedTable> = {};
  for (const input of inputs) {
    const {
      inserted,
      updated,
      files,
      carried,
      before,
      after,
      whole,
      nulls: moved,
      samples,
      broken,
      ...counts
    } = found[input.table]!;
    const lake = new EngineFiles(ports);
    const changes: Partial<Record<ChangeKind, string>> = {};
    for (const kind of ['inserted', 'updated'] as const) {
      const key = await lake.put(files[kind], keys.changes(open.run, open.attempt, input.table, `${kind}.parquet`));
      if (key) changes[kind] = key;
    }
    const object = await lake.put(files.rejects, keys.changes(open.run, open.attempt, input.table, 'rejects.parquet'));
    const kept = await lake.put(files.carried, keys.snapshot(open.run, open.attempt, input.table, 'carried.parquet'));
    const nulls = moved.whole ?? moveNulls(input.base.nulls ?? {}, moved.before, moved.after);
    const manifest: SnapshotManifest = {
      ...input.base,
      id: `${input.base.id}+${runName(open.run).slice(open.run.feed.length + 1)}`,
      compared: input.columns.filter((column) => column.compare).map((column) => column.name),
      stored: input.columns.map(({ name }) => name),
      carried: kept ? { key: kept, count: carried, columns: input.columns.map(({ name }) => name) } : null,
      fingerprint: whole ?? addFingerprints(subtractFingerprints(input.base.fingerprint, before), after),
      nulls,
    };
    const sample = keys.changes(open.run, open.attempt, input.table, 'samples.json');
    await keep(ports, sample, JSON.stringify({ ...samples, rejected: [] } satisfies Samples));
    const snapshot = keys.snapshot(open.run, open.attempt, input.table, 'manifest.json');
    await keepManifest(ports, snapshot, manifest, lake);
    released[input.table] = { ...counts, object };
    const rejected = Object.values(counts.rejected).reduce((sum, count) => sum + count, 0);
    tables[input.table] = {
      engine: 'duckdb',
      reason: `rows of ${runName(of)}, read again${input.readBack === null ? '' : `: ${input.readBack}`}`,
      ...(input.readBack === null ? {} : { readBack: input.readBack }),
      rows: counts.records,
      accepted: counts.records - rejected,
      rejected: counts.rejected,
      filtered: 0,
      broken,
      base: input.base.fingerprint.rows,
      inserted,
      updated,
      gone: 0,
      unchanged: counts.records - rejected - inserted - updated,
      suspended: 0,
      carried,
      before,
      after,
      bytes: { base: recordBytes(input.base.files), next: recordBytes(input.base.files) },
      nulls: besideBase(nulls, input.base),
      samples: sample,
      changes,
      sums: lake.sumsOf(Object.values(changes)),
      rejects: object,
      snapshot,
      schema: noSchemaChange,
    };
  }
  const snapshots = Object.values(tables).map(({ snapshot }) => snapshot);
  return {
    base: applied.delivery,
    delivery: contentHash([applied.delivery, snapshots]).slice(0, 16),
    tables,
    release: { of: runName(of), tables: released },
  };
}
