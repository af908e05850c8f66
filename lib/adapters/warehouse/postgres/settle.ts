import {
  addFingerprints,
  type Fingerprint,
  sameFingerprint,
  showFingerprint,
  subtractFingerprints,
} from '../../../core/diff/fingerprint.ts';
import { NightfeedError } from '../../../core/errors.ts';
import type { Publication, PublishedTable } from '../../../steps/ports.ts';
import { type AppliedTable, appliedTables } from './applied.ts';
import { saveMessage } from './outbox.ts';
import { quarantine } from './quarantine.ts';
import { mergedTables, placeOf, requireFence } from './runs.ts';
import type { Connection } from './session.ts';
import { supersedeBefore, supersedeReleases } from './supersede.ts';
import type { Target } from './target.ts';

/** The ledger's part of the publishing transaction: applied state, run, overtaken runs, quarantine, message. */
export async function settle(
  db: Connection,
  publication: Publication,
  targets: readonly Target[],
  tables: Readonly<Record<string, PublishedTable>>,
): Promise<void> {
  const { run, receipt } = publication;
  await moveTables(db, publication, targets);
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
  targets: readonly Target[],
): Promise<void> {
  const applied = await appliedTables(db, run.feed);
  const rows = targets.map((target) => {
    const { before, after, snapshot } = receipt.tables[target.name]!;
    const { fingerprint } = snapshots[target.name]!;
    requireSum(
      target,
      applied.find((table) => table.name === target.name),
      before,
      after,
      fingerprint,
    );
    return { name: target.name, schema: target.schema, snapshot, columns: target.compared, ...fingerprint };
  });
  await moveApplied(db, run.feed, rows);
}

/** base − old + new is the snapshot, unless the feed compares other columns than it did. */
function requireSum(
  target: Target,
  base: AppliedTable | undefined,
  before: Fingerprint,
  after: Fingerprint,
  snapshot: Fingerprint,
): void {
  if (!base || JSON.stringify(base.columns) !== JSON.stringify(target.compared)) return;
  const moved = addFingerprints(subtractFingerprints(base.fingerprint, before), after);
  if (sameFingerprint(moved, snapshot)) return;
  throw new NightfeedError(
    'PROOF_FAILED',
    `${target.name}: production would hold ${showFingerprint(moved)}; the snapshot has ${showFingerprint(snapshot)}`,
  );
}

/** What production holds of these tables from now on. */
export async function moveApplied(
  db: Connection,
  feed: string,
  rows: readonly (Omit<AppliedTable, 'fingerprint'> & Fingerprint)[],
): Promise<void> {
  await db.query(moveSql, [feed, rows]);
}

const moveSql = `
INSERT INTO nightfeed.applied_table (feed, table_name, schema_name, snapshot, columns, live_rows, hi, lo)
SELECT $1, name, schema, snapshot, columns, rows, hi, lo
FROM jsonb_to_recordset($2::jsonb)
  AS t (name text, schema text, snapshot text, columns jsonb, rows bigint, hi numeric, lo numeric)
ON CONFLICT (feed, table_name) DO UPDATE SET schema_name = excluded.schema_name, snapshot = excluded.snapshot,
  columns = excluded.columns, live_rows = excluded.live_rows, hi = excluded.hi, lo = excluded.lo`;

/** The fence again, in the statement that uses it up: a stopped run is never published. */
async function endRun(
  db: Connection,
  { run, fence, receipt, changeSet }: Publication,
  tables: Readonly<Record<string, PublishedTable>>,
): Promise<void> {
  const ended = await db.query(
    `UPDATE nightfeed.run SET state = 'published', owner = NULL, lease = NULL, ended_at = clock_timestamp(), error = NULL,
       delivery = $5, change_set = $6, published = $7, tables = ${mergedTables('$8::jsonb')}
     WHERE feed = $1 AND date = $2 AND revision = $3 AND fence = $4 AND state = 'running' RETURNING fence`,
    [...placeOf(run), fence, receipt.delivery, changeSet, tables, tables],
  );
  if (ended.length === 0) await requireFence(db, run, fence);
}
