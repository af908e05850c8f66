import { NightfeedError } from '../../../core/errors.ts';
import type { Publication, PublishedTable, PublishOutcome } from '../../../steps/ports.ts';
import { changeTable } from './change-table.ts';
import { sqlState, UNIQUE_VIOLATION } from './errors.ts';
import { addKey, freshness, loadFirst } from './first-load.ts';
import { enter, look } from './gate.ts';
import { type Limits, publishLimits } from './limits.ts';
import type { WarehouseOptions } from './options.ts';
import { type Address, type Connection, Session } from './session.ts';
import { settle } from './settle.ts';
import { dropStagesOf, newAttempt, type Stages, stageTable } from './stage.ts';
import { addTakenColumns, takesColumns } from './taken-columns.ts';
import { type Target, targetOf } from './target.ts';
import { transaction } from './transaction.ts';

/** Stages beside production, then one transaction for data, history, proof, applied state, run and message. */
export async function publish(
  address: Address,
  publication: Publication,
  options: WarehouseOptions,
): Promise<PublishOutcome> {
  const session = new Session(address, options.patience);
  try {
    return await session.alone((db) => work(db, address, publication, options));
  } finally {
    await session.close();
  }
}

/** A table on its way: `stages` null means a first load, straight into the table. */
interface Task {
  readonly target: Target;
  readonly keyless: boolean;
  readonly stages: Stages | null;
}

async function work(
  db: Connection,
  address: Address,
  publication: Publication,
  options: WarehouseOptions,
): Promise<PublishOutcome> {
  const limits = { ...publishLimits, ...options.limits };
  const before = await look(db, publication);
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

async function stage(db: Connection, publication: Publication, limits: Limits): Promise<Task[]> {
  const attempt = newAttempt();
  const tasks: Task[] = [];
  for (const [name, diff] of Object.entries(publication.receipt.tables)) {
    const target = targetOf(publication.feed, name);
    const { keyless, empty } = await transaction(db, limits, () => freshness(db, target));
    const isFirst = keyless && empty && diff.updated + diff.gone === 0;
    tasks.push({
      target,
      keyless,
      stages: isFirst ? null : await stageTable(db, publication, target, attempt, limits),
    });
  }
  return tasks;
}

async function apply(
  db: Connection,
  address: Address,
  publication: Publication,
  tasks: readonly Task[],
  limits: Limits,
  { reach, patience }: WarehouseOptions,
): Promise<PublishOutcome> {
  await db.begin(limits);
  let isCommitting = false;
  try {
    const gate = await enter(db, publication);
    if (gate.kind === 'already') {
      await db.rollback();
      return gate;
    }
    await reach('publish.begun');
    const tables = await write(db, publication, tasks);
    await settle(
      db,
      publication,
      tasks.map((task) => task.target),
      tables,
    );
    await reach('publish.written');
    isCommitting = true;
    await db.commit(() => reach('publish.committing'));
    await reach('publish.committed');
    return { kind: 'published', tables };
  } catch (error) {
    if (isCommitting && db.lost) return resolveDoubt(new Session(address, patience), publication, limits, error);
    await db.rollback();
    throw error;
  }
}

async function write(
  db: Connection,
  publication: Publication,
  tasks: readonly Task[],
): Promise<Record<string, PublishedTable>> {
  const tables: Record<string, PublishedTable> = {};
  for (const { target, keyless, stages } of tasks) {
    const diff = publication.receipt.tables[target.name]!;
    try {
      if (keyless && stages) await addKey(db, target);
      tables[target.name] = stages
        ? await changeTable(db, target, diff, stages, publication.run.date)
        : await loadFirst(db, publication, target);
    } catch (error) {
      if (sqlState(error) !== UNIQUE_VIOLATION) throw error;
      throw new NightfeedError(
        'DRIFT',
        `${target.schema}.${target.name}: somebody else wrote a row with a new row's key`,
        { cause: error },
      );
    }
  }
  return tables;
}

/** The answer to COMMIT was lost. The feed's lock waits for the orphan backend; then one row tells what became of it. */
async function resolveDoubt(
  session: Session,
  publication: Publication,
  limits: Limits,
  cause: unknown,
): Promise<PublishOutcome> {
  try {
    const gate = await session.alone((db) => transaction(db, limits, () => enter(db, publication)));
    if (gate.kind === 'already') return gate;
    throw new NightfeedError(
      'DATABASE_UNAVAILABLE',
      'the connection broke during COMMIT, and the change set was not applied',
      { cause },
    );
  } finally {
    await session.close();
  }
}
