import {
  addFingerprints,
  emptyFingerprint,
  type Fingerprint,
  sameFingerprint,
  showFingerprint,
  subtractFingerprints,
} from '../../../core/diff/fingerprint.ts';
import { NightfeedError } from '../../../core/errors.ts';
import { changeInLedger } from '../../../core/run/applied-table.ts';
import type { TableDiff } from '../../../core/run/diff-receipt.ts';
import type { Publication, PublishedTable } from '../../../ports/target.ts';
import type { Connection } from '../connection/session.ts';
import { type AppliedRow, appliedTables } from '../ledger/applied.ts';
import { saveMessage } from '../ledger/outbox.ts';
import { quarantine } from '../ledger/quarantine.ts';
import { placeOf, requireFence } from '../ledger/runs.ts';
import { supersedeBefore, supersedeReleases } from '../ledger/supersede.ts';
import { storedColumns } from '../tables/missing.ts';
import type { Target } from '../tables/target.ts';
import { hashLiveRows } from './change-sql.ts';
import { readSums, type Sums } from './sums.ts';

/** A table that the transaction wrote; `isFirst`: by a first load. */
export interface Written {
  readonly target: Target;
  readonly isFirst: boolean;
}

/** The ledger's part of the publishing transaction: applied state, run, superseded runs, quarantine, message. */
export async function commitLedger(
  db: Connection,
  publication: Publication,
  written: readonly Written[],
  tables: Readonly<Record<string, PublishedTable>>,
): Promise<void> {
  const { run, receipt } = publication;
  await moveTables(db, publication, written);
  await db.query(
    `UPDATE nightfeed.feed SET applied_date = $2, applied_revision = $3, applied_delivery = $4, applied_at = clock_timestamp() WHERE feed = $1`,
    [...placeOf(run), receipt.delivery],
  );
  await endRun(db, publication, tables);
  await (receipt.release ? supersedeReleases : supersedeBefore)(db, run);
  await quarantine(db, publication);
  await saveMessage(db, run, publication.message(tables));
}

async function moveTables(
  db: Connection,
  { run, receipt, snapshots }: Publication,
  written: readonly Written[],
): Promise<void> {
  const applied = await appliedTables(db, run.feed);
  const rows = [];
  for (const { target, isFirst } of written) {
    const diff = receipt.tables[target.name]!;
    const { fingerprint } = snapshots[target.name]!;
    const base = applied.find((table) => table.name === target.name);
    await requireSnapshot(db, target, isFirst ? nothingHeld(target) : base, diff, fingerprint);
    const { name, schema, compared: columns } = target;
    const before = base?.schema === schema ? storedColumns(base) : [];
    const stored = [...new Set([...before, ...target.columns.map((column) => column.name)])];
    rows.push({ name, schema, snapshot: diff.snapshot, columns, stored, ...fingerprint });
  }
  await moveApplied(db, run.feed, rows);
}

/** A first load is proved over all rows. */
function nothingHeld({ schema, compared: columns }: Target) {
  return { schema, columns, stored: [], fingerprint: emptyFingerprint };
}

/**
 * Base − old + new must be the snapshot. If the base is not what the ledger has, or has other columns, only a hash of all live rows
 * can prove it.
 */
async function requireSnapshot(
  db: Connection,
  target: Target,
  base: Pick<AppliedRow, 'schema' | 'columns' | 'fingerprint' | 'stored'> | undefined,
  diff: TableDiff,
  snapshot: Fingerprint,
): Promise<void> {
  // An older version may have recorded a wrong fingerprint, and recorded no stored columns. In that case all rows are hashed once.
  const isMoved = base?.stored && diff.readBack === undefined && changeInLedger(base, target) === null;
  if (isMoved) {
    const moved = addFingerprints(subtractFingerprints(base.fingerprint, diff.before), diff.after);
    if (sameFingerprint(moved, snapshot)) return;
    throw new NightfeedError(
      'PROOF_FAILED',
      `${target.name}: production would hold ${showFingerprint(moved)}; the snapshot has ${showFingerprint(snapshot)}`,
    );
  }
  const [found] = await db.query<{ live: Sums }>(hashLiveRows(target.table, target.compared), []);
  const live = readSums(found!.live);
  if (sameFingerprint(live, snapshot)) return;
  throw new NightfeedError(
    'DRIFT',
    `${target.schema}.${target.name} would hold ${showFingerprint(live)}, where the snapshot has ${showFingerprint(snapshot)}: somebody else wrote to it since the base was read`,
  );
}

/** Records what production holds of these tables from now on. */
export async function moveApplied(
  db: Connection,
  feed: string,
  rows: readonly (Omit<AppliedRow, 'fingerprint'> & Fingerprint)[],
): Promise<void> {
  await db.query(moveSql, [feed, rows]);
}

const moveSql = `
INSERT INTO nightfeed.applied_table (feed, table_name, schema_name, snapshot, columns, stored, live_rows, hi, lo)
SELECT $1, name, schema, snapshot, columns, stored, rows, hi, lo
FROM jsonb_to_recordset($2::jsonb)
  AS t (name text, schema text, snapshot text, columns jsonb, stored jsonb, rows bigint, hi numeric, lo numeric)
ON CONFLICT (feed, table_name) DO UPDATE SET schema_name = excluded.schema_name, snapshot = excluded.snapshot,
  columns = excluded.columns, stored = excluded.stored, live_rows = excluded.live_rows, hi = excluded.hi, lo = excluded.lo`;

/** Checks the fence in the same statement that ends the run, so that a stopped run is never published. */
async function endRun(
  db: Connection,
  { run, fence, receipt, changeSet, steps }: Publication,
  tables: Readonly<Record<string, PublishedTable>>,
): Promise<void> {
  const ended = await db.query(
    `UPDATE nightfeed.run SET state = 'published', owner = NULL, lease = NULL, ended_at = clock_timestamp(), error = NULL,
       delivery = $5, change_set = $6, published = $7, tables = nightfeed.merged_tables(tables, $8),
       steps = nightfeed.merged_steps(steps, $9, fence)
     WHERE feed = $1 AND date = $2 AND revision = $3 AND fence = $4 AND state = 'running' RETURNING fence`,
    [...placeOf(run), fence, receipt.delivery, changeSet, tables, tables, steps?.() ?? null],
  );
  if (ended.length === 0) await requireFence(db, run, fence);
}
