import { NightfeedError } from '../../../core/errors.ts';
import type { Publication } from '../../../ports/target.ts';
import type { Connection } from '../connection/session.ts';

/** PostgreSQL's counters for the rows of one relation. */
export interface RowCounts {
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
}

interface Counted extends RowCounts {
  readonly feed: string;
  /** File of the relation. Counters do not show a TRUNCATE, but it gives the table a new file. */
  readonly files: string;
}

/** Counters by qualified name without quotes. */
type Relations = Readonly<Record<string, Counted>>;

/**
 * Compares what the transaction did to the rows of nightfeed's tables and histories, as the server counts it, with what our
 * statements meant. Cascading keys, triggers and rules write too, and no statement reports their rows. The counters belong to
 * the backend: they begin before the transaction, and still count what a ROLLBACK TO SAVEPOINT undid.
 */
export class WrittenRows {
  readonly #db: Connection;
  readonly #before: Relations;
  readonly #meant: Record<string, RowCounts> = {};
  readonly #publication: Publication;

  private constructor(db: Connection, before: Relations, publication: Publication) {
    this.#db = db;
    this.#before = before;
    this.#publication = publication;
  }

  /** Begins under a lock, before the first row is written. Throws DATABASE_SETTING when the server does not count. */
  static async since(db: Connection, publication: Publication): Promise<WrittenRows> {
    return new WrittenRows(db, await counted(db, ''), publication);
  }

  /** Adds the rows that a statement of ours reports; `relation` is `schema.name`. */
  mean(relation: string, rows: Partial<RowCounts>): void {
    this.#meant[relation] = plus(this.#meant[relation] ?? nothing, { ...nothing, ...rows });
  }

  /** Works after a savepoint. The given function undoes the work; what the server counted for it is then expected. */
  async attempt<T>(savepoint: string, work: (undo: () => Promise<void>) => Promise<T>): Promise<T> {
    const before = await counted(this.#db, `SAVEPOINT ${savepoint};`);
    return work(async () => {
      const after = await counted(this.#db, `ROLLBACK TO SAVEPOINT ${savepoint};`);
      for (const [relation, rows] of Object.entries(after))
        this.mean(relation, minus(rows, before[relation] ?? nothing));
    });
  }

  /**
   * The last statement before COMMIT: runs everything that is deferred, and requires that only expected rows were written. Throws
   * PROOF_FAILED.
   */
  async require(): Promise<void> {
    const after = await counted(this.#db, 'SET CONSTRAINTS ALL IMMEDIATE;');
    const wrong = Object.keys({ ...this.#before, ...after }).flatMap((relation) => {
      const [before, now] = [this.#before[relation], after[relation]];
      // Tables of other feeds are not locked, so VACUUM FULL and the like may give them new files meanwhile.
      const isOurs = (now ?? before)!.feed === this.#publication.run.feed;
      if (isOurs && before?.files !== now?.files) return [`${relation}: emptied or replaced`];
      const found = minus(now ?? nothing, before ?? nothing);
      const meant = this.#meant[relation] ?? nothing;
      return show(found) === show(meant) ? [] : [`${relation}: ${show(found)} rows; ${show(meant)} were meant`];
    });
    if (wrong.length === 0) return;
    const names = (this.#publication.receipt.objects ?? []).map(({ name }) => name);
    throw new NightfeedError(
      'PROOF_FAILED',
      `something else wrote in the same transaction: ${wrong.join('; ')}; there is ${names.join(', ') || 'nothing known that does'}`,
      {
        hint: 'Everything was rolled back. Remove what wrote, or let it leave the rows alone that the vendor delivers.',
      },
    );
  }
}

const nothing: RowCounts = { inserted: 0, updated: 0, deleted: 0 };

const plus = (a: RowCounts, b: RowCounts): RowCounts => ({
  inserted: a.inserted + b.inserted,
  updated: a.updated + b.updated,
  deleted: a.deleted + b.deleted,
});

const minus = (a: RowCounts, b: RowCounts): RowCounts => ({
  inserted: a.inserted - b.inserted,
  updated: a.updated - b.updated,
  deleted: a.deleted - b.deleted,
});

const show = ({ inserted, updated, deleted }: RowCounts) =>
  `${inserted} inserted, ${updated} updated, ${deleted} deleted`;

/** Reads the counters now, in one message with the statements of `first`. */
async function counted(db: Connection, first: string): Promise<Relations> {
  const [found] = await db.script<{ counting: boolean; tables: Relations }>(`${first}${countsSql}`);
  if (!found!.counting)
    throw new NightfeedError(
      'DATABASE_SETTING',
      'track_counts is off: PostgreSQL does not count the rows that are written',
    );
  return found!.tables;
}

/** Partitions and INHERITS children count for their table, because a partitioned table has no rows of its own. */
const countsSql = `
WITH RECURSIVE tree AS (
  SELECT t.feed, n.nspname || '.' || c.relname AS relation, c.oid
  FROM nightfeed.target_table AS t
  CROSS JOIN LATERAL (VALUES (t.table_name), (CASE WHEN t.history THEN t.table_name || '_history' END)) AS named (relname)
  JOIN pg_namespace n ON n.nspname = t.schema_name
  JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = named.relname
  UNION SELECT t.feed, t.relation, i.inhrelid FROM tree t JOIN pg_inherits i ON i.inhparent = t.oid
), counts AS (
  SELECT relation, jsonb_build_object(
    'feed', feed,
    'files', string_agg(format('%s:%s', oid, pg_relation_filenode(oid)), ' ' ORDER BY oid),
    'inserted', sum(pg_stat_get_xact_tuples_inserted(oid)),
    'updated', sum(pg_stat_get_xact_tuples_updated(oid)),
    'deleted', sum(pg_stat_get_xact_tuples_deleted(oid))) AS rows
  FROM tree GROUP BY feed, relation
)
SELECT current_setting('track_counts')::boolean AS counting,
  (SELECT coalesce(jsonb_object_agg(relation, rows), '{}') FROM counts) AS tables`;
