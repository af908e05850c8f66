import { NightfeedError } from '../../../core/errors.ts';
import type { Publication, PublishOutcome } from '../../../ports/target.ts';
import { onTable } from '../connection/errors.ts';
import { type Limits, publishLimits } from '../connection/limits.ts';
import type { TargetOptions } from '../connection/options.ts';
import { type Address, type Connection, Session } from '../connection/session.ts';
import { transaction } from '../connection/transaction.ts';
import { addTakenColumns, takesColumns } from '../tables/taken-columns.ts';
import { targetOf } from '../tables/target.ts';
import { requireSeenObjects } from '../tables/target-objects.ts';
import { commitLedger } from './commit-ledger.ts';
import { freshness } from './first-load.ts';
import { checkPrecondition, peekPrecondition } from './precondition.ts';
import { dropStagesOf, newAttempt, stageTable } from './stage.ts';
import { type TableTask, writeTables } from './write-tables.ts';
import { WrittenRows } from './written-rows.ts';

/** Fills staging tables, then writes data, history, proof, applied state, run and message in one transaction. */
export async function publish(
  address: Address,
  publication: Publication,
  options: TargetOptions,
): Promise<PublishOutcome> {
  const session = new Session(address, options.patience);
  try {
    return await session.alone((db) => work(db, address, publication, options));
  } finally {
    await session.close();
  }
}

async function work(
  db: Connection,
  address: Address,
  publication: Publication,
  options: TargetOptions,
): Promise<PublishOutcome> {
  const limits = { ...publishLimits, ...options.limits };
  const before = await peekPrecondition(db, publication);
  if (before.kind === 'already') return before;
  await dropStagesOf(db, publication.run);
  if (takesColumns(publication)) await transaction(db, limits, () => addTakenColumns(db, publication));
  try {
    const tasks = await stage(db, publication, limits);
    await options.reach('publish.staged');
    return await apply(db, address, publication, tasks, limits, options);
  } finally {
    if (!db.lost) await dropStagesOf(db, publication.run).catch(() => {});
  }
}

async function stage(db: Connection, publication: Publication, limits: Limits): Promise<TableTask[]> {
  const attempt = newAttempt();
  const tasks: TableTask[] = [];
  for (const [name, diff] of Object.entries(publication.receipt.tables)) {
    const target = targetOf(publication.feed, name);
    const { keyless, empty } = await transaction(db, limits, () => freshness(db, target));
    const isFirst = keyless && empty && diff.updated + diff.gone === 0;
    tasks.push({
      target,
      keyless,
      stages: isFirst ? null : await onTable(name, () => stageTable(db, publication, target, attempt, limits)),
    });
  }
  return tasks;
}

async function apply(
  db: Connection,
  address: Address,
  publication: Publication,
  tasks: readonly TableTask[],
  limits: Limits,
  { reach, patience }: TargetOptions,
): Promise<PublishOutcome> {
  await db.begin(limits);
  let isCommitting = false;
  try {
    const found = await checkPrecondition(db, publication);
    if (found.kind === 'already') {
      await db.rollback();
      return found;
    }
    await reach('publish.begun');
    await requireSeenObjects(db, publication);
    const written = await WrittenRows.since(db, publication);
    const tables = await writeTables(db, publication, tasks, written);
    await commitLedger(
      db,
      publication,
      tasks.map(({ target, stages }) => ({ target, isFirst: stages === null })),
      tables,
    );
    await written.require();
    await reach('publish.written');
    isCommitting = true;
    await db.commit(() => reach('publish.committing'));
    await reach('publish.committed');
    return { kind: 'published', tables };
  } catch (error) {
    if (isMissingStandby(error)) throw error;
    if (isCommitting && db.lost) return resolveDoubt(new Session(address, patience), publication, limits, error);
    await db.rollback();
    throw error;
  }
}

/** The answer to COMMIT was lost. Taking the feed's lock waits for the orphaned backend; then one row tells whether it committed. */
async function resolveDoubt(
  session: Session,
  publication: Publication,
  limits: Limits,
  cause: unknown,
): Promise<PublishOutcome> {
  try {
    const found = await session.alone((db) => transaction(db, limits, () => checkPrecondition(db, publication)));
    if (found.kind === 'already') return found;
    throw new NightfeedError(
      'DATABASE_UNAVAILABLE',
      'the connection broke during COMMIT, and the change set was not applied',
      { cause },
    );
  } finally {
    await session.close();
  }
}

/** The transaction is committed and becomes visible when the standby is back. Until then the waiting backend keeps the feed's lock. */
function isMissingStandby(error: unknown): boolean {
  return error instanceof NightfeedError && error.name === 'STANDBY_MISSING';
}
