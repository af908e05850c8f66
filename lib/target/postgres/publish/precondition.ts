import { NightfeedError } from '../../../core/errors.ts';
import { compareRuns, runName } from '../../../core/run/keys.ts';
import type { Publication, PublishedTable } from '../../../ports/target.ts';
import type { Connection } from '../connection/session.ts';
import { oldestWriter, requireWriter } from '../ledger/ledger-version.ts';
import { placeOf, requireFence } from '../ledger/runs.ts';
import { excludePublishers } from './publish-lock.ts';

/** `open`: production holds the base of this change set, and the run is ours. */
export type Precondition =
  | { readonly kind: 'open' }
  | { readonly kind: 'already'; readonly tables: Readonly<Record<string, PublishedTable>> };

/** Checks the precondition under the feed's lock, which lasts until the transaction ends, so that it stays true. */
export async function checkPrecondition(db: Connection, publication: Publication): Promise<Precondition> {
  await excludePublishers(db, publication.run.feed);
  return judge(db, publication, 'FOR UPDATE');
}

/** The same check without a lock, before any work. Throws OLDER_DELIVERY, BASE_MOVED or FENCED. */
export async function peekPrecondition(db: Connection, publication: Publication): Promise<Precondition> {
  return judge(db, publication, '');
}

async function judge(
  db: Connection,
  { run, fence, receipt }: Publication,
  lock: 'FOR UPDATE' | '',
): Promise<Precondition> {
  const [row] = await db.query<{
    date: string | null;
    revision: number;
    delivery: string | null;
    oldestWriter: number;
  }>(
    `SELECT applied_date AS date, applied_revision AS revision, applied_delivery AS delivery, ${oldestWriter}
     FROM nightfeed.feed WHERE feed = $1 ${lock}`,
    [run.feed],
  );
  requireWriter(row);
  const applied = row?.date ? { feed: run.feed, date: row.date, revision: row.revision } : null;
  const delivery = row?.delivery ?? null;
  const order = applied ? compareRuns(run, applied) : 1;
  if (order < 0)
    throw new NightfeedError(
      'OLDER_DELIVERY',
      `${runName(run)} is older than ${runName(applied!)}, which production holds`,
    );
  if (order === 0 && delivery === receipt.delivery) return { kind: 'already', tables: await publishedTables(db, run) };
  if (delivery !== receipt.base) {
    throw new NightfeedError(
      'BASE_MOVED',
      `the change set starts from ${receipt.base ?? 'nothing'}; production holds ${delivery ?? 'nothing'}`,
    );
  }
  await requireFence(db, run, fence);
  return { kind: 'open' };
}

async function publishedTables(db: Connection, run: Publication['run']): Promise<Record<string, PublishedTable>> {
  const [row] = await db.query<{ published: Record<string, PublishedTable> | null }>(
    'SELECT published FROM nightfeed.run WHERE feed = $1 AND date = $2 AND revision = $3',
    placeOf(run),
  );
  return row?.published ?? {};
}
