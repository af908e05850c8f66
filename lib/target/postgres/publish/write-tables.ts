import { entryOf } from '../../../core/entry-of.ts';
import { changeKinds } from '../../../core/run/diff-receipt.ts';
import type { Publication, PublishedTable } from '../../../ports/target.ts';
import { onTable } from '../connection/errors.ts';
import type { Connection } from '../connection/session.ts';
import { deferConstraints } from '../tables/constraints.ts';
import type { Target } from '../tables/target.ts';
import { beginChanges, planFreely, planPlaceByPlace, TableChange } from './change-table.ts';
import { addKey, loadFirst } from './first-load.ts';
import type { Stages } from './stage.ts';
import { type Write, writeOrder } from './write-order.ts';
import type { WrittenRows } from './written-rows.ts';

/** A table to write. `stages` null means a first load, straight into the table. */
export interface TableTask {
  readonly target: Target;
  readonly keyless: boolean;
  readonly stages: Stages | null;
}

/** Applies the change sets of all tables, kind by kind in the order that constraints between them allow. */
export async function writeTables(
  db: Connection,
  publication: Publication,
  tasks: readonly TableTask[],
  written: WrittenRows,
): Promise<Record<string, PublishedTable>> {
  for (const { target, keyless, stages } of tasks) if (keyless && stages) await addKey(db, target);
  const targets = tasks.map(({ target }) => target);
  const { references, keys } = await deferConstraints(db, targets);
  const loaded = new Map<string, PublishedTable>();
  const changes = new Map<string, TableChange>();
  for (const { target, stages } of tasks) {
    const diff = publication.receipt.tables[target.name]!;
    const work = { target, diff, date: publication.run.date, keys: entryOf(keys, target.name) ?? [], written };
    if (stages) changes.set(target.name, new TableChange(db, { ...work, stages }));
  }
  await beginChanges(db);
  for (const change of changes.values()) await change.closeVersions();
  for (const { table, kind } of writeOrder(tasks.flatMap(writesOf), references)) {
    await onTable(table, async () => {
      const change = changes.get(table);
      if (change) return change.write(kind);
      await planFreely(db);
      loaded.set(table, await loadFirst(db, publication, targets.find(({ name }) => name === table)!, written));
      await planPlaceByPlace(db);
    });
  }
  await planFreely(db);
  return Object.fromEntries(targets.map(({ name }) => [name, loaded.get(name) ?? changes.get(name)!.result()]));
}

function writesOf({ target, stages }: TableTask): Write[] {
  const kinds = stages ? changeKinds.filter((kind) => stages[kind]) : (['inserted'] as const);
  return kinds.map((kind) => ({ table: target.name, kind }));
}
