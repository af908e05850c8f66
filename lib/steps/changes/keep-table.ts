import {
  addFingerprints,
  emptyFingerprint,
  type Fingerprint,
  subtractFingerprints,
} from '../../core/diff/fingerprint.ts';
import { moveNulls, type NullCounts } from '../../core/diff/null-counts.ts';
import type { Samples } from '../../core/diff/samples.ts';
import { entryOf } from '../../core/entry-of.ts';
import type { Column } from '../../core/feed/spec.ts';
import { type ChangeKind, changeKinds, type TableDiff } from '../../core/run/diff-receipt.ts';
import { recordBytes } from '../../core/run/file-parts.ts';
import { keys } from '../../core/run/keys.ts';
import type { SnapshotManifest } from '../../core/run/snapshot-manifest.ts';
import type { EngineDiff } from '../../ports/comparison.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Base } from '../base/base.ts';
import { EngineFiles } from '../base/engine-files.ts';
import { keepManifest, manifestOf } from '../base/snapshot.ts';
import type { OpenRun } from '../run/run-request.ts';
import { keepSamples } from '../run/samples.ts';

/** An engine's result for a table, and the inputs that it was found in. */
export interface FoundTable {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly base: Base | null;
  readonly found: EngineDiff;
  /** The records of the new snapshot. `drops` are known before; an engine may find more. */
  readonly records: Pick<SnapshotManifest, 'id' | 'reading' | 'files' | 'drops' | 'filtered' | 'endings'>;
  /** Sample rows, and their key. */
  readonly samples: { readonly key: string; readonly rows: Samples };
  readonly schema: TableDiff['schema'];
  /** Facts that only a delivery has, and a release has not. */
  readonly signs?: Partial<Pick<TableDiff, 'footer' | 'repeats' | 'signs' | 'resent' | 'files' | 'notes'>>;
}

/** Stores the changes of a table, and the new snapshot. */
export async function keepTable(
  { run, attempt }: Pick<OpenRun, 'run' | 'attempt'>,
  { name, columns, base: from, found, records, samples, schema, signs = {} }: FoundTable,
  ports: Pick<Ports, 'store'>,
): Promise<TableDiff> {
  const base = from?.snapshot ?? null;
  const why = from?.from === 'production' ? from.why : undefined;
  const lake = new EngineFiles(ports);
  const changes = await keepChanges(found, keys.changes(run, attempt, name, ''), lake);
  const rejects = await lake.put(found.files.rejects, keys.changes(run, attempt, name, 'rejects.parquet'));
  const drops = await lake.put(found.files.drops, keys.snapshot(run, attempt, name, 'drops.ndjson'));
  const carried = await lake.put(found.files.carried, keys.snapshot(run, attempt, name, 'carried.parquet'));
  const rejected = Object.values(found.rejected).reduce((sum, count) => sum + count, 0);
  const nulls = found.nulls.whole ?? moveNulls(base?.nulls ?? {}, found.nulls.before, found.nulls.after);
  const manifest = manifestOf(name, columns, {
    ...records,
    drops: drops ? { key: drops, count: rejected + found.collapsed } : records.drops,
    carried: carried
      ? { key: carried, count: found.carried + found.suspended, columns: columns.map((column) => column.name) }
      : null,
    fingerprint: moveOn(base?.fingerprint ?? emptyFingerprint, found),
    nulls,
  });
  await keepSamples(ports, samples.key, samples.rows);
  const snapshot = keys.snapshot(run, attempt, name, 'manifest.json');
  await keepManifest(ports, snapshot, manifest, lake);
  return {
    engine: found.engine,
    reason: why === undefined ? found.reason : `${found.reason}: ${why}`,
    ...(why === undefined ? {} : { readBack: why }),
    rows: found.accepted + rejected + found.filtered + found.collapsed,
    accepted: found.accepted,
    rejected: found.rejected,
    ...(found.rejectedIn ? { rejectedIn: found.rejectedIn } : {}),
    filtered: found.filtered,
    ...(records.reading.newest === undefined ? {} : { collapsed: found.collapsed, reverted: found.reverted }),
    broken: found.broken,
    base: base?.fingerprint.rows ?? 0,
    inserted: found.inserted,
    updated: found.updated,
    gone: found.gone,
    unchanged: found.accepted - found.inserted - found.updated,
    suspended: found.suspended,
    carried: found.carried,
    before: found.before,
    after: found.after,
    bytes: { base: recordBytes(base?.files ?? []), next: recordBytes(records.files) },
    nulls: besideBase(nulls, base),
    samples: samples.key,
    changes,
    sums: lake.sumsOf(Object.values(changes).flat()),
    rejects,
    snapshot,
    schema,
    ...signs,
  };
}

async function keepChanges({ files }: EngineDiff, into: string, lake: EngineFiles): Promise<TableDiff['changes']> {
  const changes: Partial<Record<ChangeKind, string | string[]>> = {};
  for (const kind of changeKinds) {
    const written: string[] = [];
    for (const [index, file] of [files[kind] ?? []].flat().entries())
      written.push((await lake.put(file, `${into}${kind}${index === 0 ? '' : `-${index}`}.parquet`))!);
    if (written.length > 0) changes[kind] = written.length === 1 ? written[0]! : written;
  }
  return changes;
}

/** The fingerprint of the new snapshot: that of the base, changed by the change set, or computed over all rows. */
function moveOn(base: Fingerprint, found: EngineDiff): Fingerprint {
  return found.whole ?? addFingerprints(subtractFingerprints(base, found.before), found.after);
}

function besideBase(nulls: NullCounts, base: SnapshotManifest | null): TableDiff['nulls'] {
  return Object.fromEntries(
    Object.entries(nulls).map(([name, next]) => [name, { base: entryOf(base?.nulls, name) ?? null, next }]),
  );
}
