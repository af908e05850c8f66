import { shortHash } from '../../core/feed/reading-spec.ts';
import { noSchemaChange } from '../../core/feed/schema-change.ts';
import type { DiffReceipt, TableDiff } from '../../core/run/diff-receipt.ts';
import { keys, type RunId, runName } from '../../core/run/keys.ts';
import type { ReleasedTable } from '../../core/run/release-counts.ts';
import type { EngineDiff } from '../../ports/comparison.ts';
import type { Ports } from '../../ports/ports.ts';
import type { EngineRelease } from '../../ports/quarantine.ts';
import { type FoundTable, keepTable } from '../../steps/changes/keep-table.ts';
import type { OpenRun } from '../../steps/run/run-request.ts';
import type { ReleasedRows, ReleaseTable } from './request.ts';

/**
 * Stores released rows as a change set, and the new base: the same records of the last delivery, with the released rows as carried rows, so
 * that the base stays exactly what production holds.
 */
export async function keepRelease(
  open: OpenRun,
  { request: { run: of }, applied, inputs, found }: ReleasedRows,
  ports: Pick<Ports, 'store'>,
): Promise<DiffReceipt> {
  const tables: Record<string, TableDiff> = {};
  const released: Record<string, ReleasedTable> = {};
  for (const input of inputs) {
    const rows = found[input.table]!;
    const { records, released: read, there, newer, rejected, waiting } = rows;
    const kept = await keepTable(open, foundTable(open, input, asDiff(rows, of)), ports);
    tables[input.table] = kept;
    released[input.table] = { records, released: read, there, newer, rejected, waiting, object: kept.rejects };
  }
  const snapshots = Object.values(tables).map(({ snapshot }) => snapshot);
  return {
    base: applied.delivery,
    delivery: shortHash([applied.delivery, snapshots]),
    tables,
    release: { of: runName(of), tables: released },
  };
}

/** The result of a release in the form of a diff. A release removes no rows. */
function asDiff({ records, rejected, samples, ...rows }: EngineRelease, of: RunId): EngineDiff {
  const accepted = records - Object.values(rejected).reduce((sum, count) => sum + count, 0);
  return {
    ...rows,
    engine: 'duckdb',
    reason: `rows of ${runName(of)}, read again`,
    accepted,
    rejected,
    filtered: 0,
    collapsed: 0,
    reverted: 0,
    gone: 0,
    suspended: 0,
    samples: { ...samples, rejected: [] },
  };
}

function foundTable({ run, attempt }: OpenRun, input: ReleaseTable, found: EngineDiff): FoundTable {
  const { table: name, columns, base, from } = input;
  return {
    name,
    columns,
    base: from,
    found,
    records: { ...base, id: `${base.id}+${runName(run).slice(run.feed.length + 1)}` },
    samples: { key: keys.changes(run, attempt, name, 'samples.json'), rows: found.samples },
    schema: noSchemaChange,
  };
}
