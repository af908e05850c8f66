import { sameFingerprint, showFingerprint } from '../../../core/diff/fingerprint.ts';
import { NightfeedError } from '../../../core/errors.ts';
import type { RunOrigin } from '../../../core/run/origin.ts';
import type { Adoption } from '../../../ports/adopt.ts';
import { wholeTableLimits } from '../connection/limits.ts';
import type { Connection } from '../connection/session.ts';
import { transaction } from '../connection/transaction.ts';
import { nextRun } from '../ledger/claim.ts';
import { oldestWriter, requireWriter } from '../ledger/ledger-version.ts';
import { saveMessage } from '../ledger/outbox.ts';
import { placeOf } from '../ledger/runs.ts';
import { supersedeReleases } from '../ledger/supersede.ts';
import { hashLiveRows } from '../publish/change-sql.ts';
import { moveApplied } from '../publish/commit-ledger.ts';
import { excludePublishers } from '../publish/publish-lock.ts';
import { readSums, type Sums } from '../publish/sums.ts';
import { relationsOf } from '../tables/catalog.ts';
import { liveCondition } from '../tables/export.ts';
import { registerTable } from '../tables/migrate.ts';
import { historyName, versionsName } from '../tables/table-ddl.ts';
import { planTable } from '../tables/table-plan.ts';
import { type Target, targetOf } from '../tables/target.ts';
import { survey } from './survey.ts';

/**
 * Registers exported tables as what production holds, in one transaction. Each is locked against writers and hashed anew:
 * the export is proved, and whoever wrote meanwhile is noticed. Throws DRIFT, BASE_MOVED, TABLE_EXISTS.
 */
export async function adopt(db: Connection, adoption: Adoption): Promise<void> {
  const { run, feed, delivery, tables } = adoption;
  await transaction(db, wholeTableLimits, async () => {
    await excludePublishers(db, run.feed);
    await db.query('INSERT INTO nightfeed.feed (feed) VALUES ($1) ON CONFLICT DO NOTHING', [run.feed]);
    await requireBase(db, adoption);
    const rows = [];
    for (const [name, { snapshot, fingerprint }] of Object.entries(tables)) {
      const target = targetOf(feed, name);
      await requireExported(db, target, fingerprint);
      await makeOurs(db, adoption, target);
      const stored = target.columns.map((column) => column.name);
      rows.push({ name, schema: target.schema, snapshot, columns: target.compared, stored, ...fingerprint });
    }
    await moveApplied(db, run.feed, rows);
    await db.query(
      `UPDATE nightfeed.feed SET applied_date = $2, applied_revision = $3, applied_delivery = $4, applied_at = clock_timestamp() WHERE feed = $1`,
      [...placeOf(run), delivery],
    );
    await insertRun(db, adoption);
    await supersedeReleases(db, run);
    await saveMessage(db, run, adoption.message);
  });
}

async function requireBase(db: Connection, { run, base }: Adoption): Promise<void> {
  const [row] = await db.query<{ delivery: string | null; oldestWriter: number }>(
    `SELECT applied_delivery AS delivery, ${oldestWriter} FROM nightfeed.feed WHERE feed = $1 FOR UPDATE`,
    [run.feed],
  );
  requireWriter(row);
  const next = await nextRun(db, run);
  if ((row?.delivery ?? null) === base && next.revision === run.revision) return;
  throw new NightfeedError('BASE_MOVED', `another run of ${run.feed} came in while the rows were exported`);
}

async function requireExported(
  db: Connection,
  target: Target,
  exported: Adoption['tables'][string]['fingerprint'],
): Promise<void> {
  // Readers continue; writers wait until the commit.
  await db.script(`LOCK TABLE ${target.table} IN SHARE ROW EXCLUSIVE MODE`);
  const [found] = await db.query<{ live: Sums }>(
    hashLiveRows(target.table, target.compared, await liveCondition(db, target)),
    [],
  );
  const live = readSums(found!.live);
  if (sameFingerprint(live, exported)) return;
  throw new NightfeedError(
    'DRIFT',
    `${target.schema}.${target.name} has ${showFingerprint(live)}; ${showFingerprint(exported)} were exported: somebody wrote meanwhile`,
    { hint: 'Nothing was changed. Run the same command again when nobody else writes to the table.' },
  );
}

async function makeOurs(db: Connection, { run, feed }: Adoption, target: Target): Promise<void> {
  const [found] = await survey(db, feed, [target.name], run.date, { values: false });
  if (found!.state !== 'foreign' || found!.problems.length > 0)
    throw new NightfeedError('BASE_MOVED', `${target.schema}.${target.name} changed while its rows were exported`);
  if (found!.meta.length > 0) await db.script(found!.meta.join('\n'));
  const names = [target.name, historyName(target.name), versionsName(target.name)];
  const relations = await relationsOf(db, target.schema, names);
  const keys = target.keys.map(({ name }) => name);
  const ours = { name: target.name, feed: feed.feed, keys, history: false };
  const { statements } = planTable(feed.feed, target, relations, ours);
  if (statements.length > 0) await db.script(statements.join(';\n'));
  await registerTable(db, feed, target);
}

async function insertRun(
  db: Connection,
  { run, feedHash, folder, delivery, tables, summary, steps }: Adoption,
): Promise<void> {
  const origin: RunOrigin = { kind: 'adopt', tables: Object.keys(tables) };
  await db.query(
    `INSERT INTO nightfeed.run (feed, date, revision, state, fence, ended_at, feed_hash, folder, delivery, tables, published, origin, steps)
     VALUES ($1, $2, $3, 'published', 1, clock_timestamp(), $4, $5, $6, $7, '{}', $8, nightfeed.merged_steps('{}', $9, 1))`,
    [...placeOf(run), feedHash, folder, delivery, summary, origin, steps()],
  );
}
