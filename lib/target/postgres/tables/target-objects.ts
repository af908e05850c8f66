import { NightfeedError } from '../../../core/errors.ts';
import { columnsOf, type Feed } from '../../../core/feed/spec.ts';
import type { TargetObject } from '../../../core/run/diff-receipt.ts';
import type { Publication } from '../../../ports/target.ts';
import type { Connection } from '../connection/session.ts';
import { historyName } from './table-ddl.ts';
import { targetOf } from './target.ts';
import { targetObjectsSql } from './target-objects-sql.ts';

/** Objects that can change rows of the feed's tables and histories, with their partitions and children, unseen; sorted by name. */
export async function targetObjects(db: Connection, feed: Feed): Promise<TargetObject[]> {
  const relations = Object.entries(feed.tables).flatMap(([table, spec]) => [
    { table, relation: table, columns: columnsOf(spec).map(({ name }) => name) },
    ...(spec.history ? [{ table, relation: historyName(table), columns: [] }] : []),
  ]);
  return db.query<TargetObject>(targetObjectsSql, [feed.target.schema, relations]);
}

/**
 * Checks that no such object was made since diff looked. The lock keeps it so until the transaction ends, because whoever makes one waits.
 * Throws BASE_MOVED; then diff looks again.
 */
export async function requireSeenObjects(db: Connection, { feed, receipt }: Publication): Promise<void> {
  const targets = Object.keys(feed.tables).map((name) => targetOf(feed, name));
  const relations = targets.flatMap(({ table, history, keepsHistory }) => (keepsHistory ? [table, history] : [table]));
  await db.script(`LOCK TABLE ${relations.join(', ')} IN ROW EXCLUSIVE MODE`);
  const seen = new Set(receipt.objects?.map(({ name }) => name));
  const news = (await targetObjects(db, feed)).filter(({ name }) => !seen.has(name));
  if (news.length === 0) return;
  throw new NightfeedError(
    'BASE_MOVED',
    `since the change set was computed the tables got: ${news.map(({ name }) => name).join(', ')}`,
    { hint: 'Run the same command again: it looks at the tables anew.' },
  );
}
