import { NightfeedError } from '../../../core/errors.ts';
import type { Publication } from '../../../ports/target.ts';
import type { Connection } from '../connection/session.ts';

/** Rows of one relation, as PostgreSQL counts what happens to them. */
export interface RowCounts {
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
}

interface Counted extends RowCounts {
  readonly feed: string;
  /** In which files the rows are: no count tells of a TRUNCATE, which gives a table a new file. */
  readonly files: string;
}

/** By qualified name, without quotes. */
type Relations = Readonly<Record<string, Counted>>;

/**
 * What the transaction did to the rows of tables and histories of nightfeed, as the server counts it, against what our
 * statements meant: cascading keys, triggers and rules write too, and no statement tells of their rows. Counters are those of
 * the backend: they begin before the transaction, and keep what a ROLLBACK TO SAVEPOINT undid.
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

  /** Under a lock, before the first row is written. Throws DATABASE_SETTING where the server does not count. */
  static async since(db: Connection, publication: Publication): Promise<WrittenRows> {
    return new WrittenRows(db, await counted(db, ''), publication);
  }

  /** What a statement of ours says that it wrote; `relation` as `schema.name`. */
  mean(relation: string, rows: Partial<RowCounts>): void {
    this.#meant[relation] = plus(this.#meant[relation] ?? nothing, { ...nothing, ...rows });
  }

  /** Work after a new savepoint that may be undone, by the function that is handed over; what it counts then is meant. */
  async attempt<T>(savepoint: string, work: (undo: () => Promise<void>) => Promise<T>): Promise<T> {
    const before = await counted(this.#db, `SAVEPOINT ${savepoint};`);
    return work(async () => {
      const after = await counted(this.#db, `ROLLBACK TO SAVEPOINT ${savepoint};`);
      for (const [relation, rows] of Object.entries(after))
        this.mean(relation, minus(rows, before[relation] ?? nothing));
    });
  }

  /**
   * Last of all: runs what waits for the end of the transaction, and requires that nothing but what was meant happened. Throws
   * PROOF_FAILED.
   */
  async require(): Promise<void> {
    const after = await counted(this.#db, 'SET CONSTRAINTS ALL IMMEDIATE;');
    const wrong = Object.keys({ ...this.#before, ...after }).flatMap((relation) => {
      const [before, now] = [this.#before[relation], after[relation]];
      // Tables of other feeds are not locked, and may be rewritten meanwhile.
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

/** The counters now, in one message with what comes `first`. */
async function counted(db: Connection, first: string): Promise<Relations> {
  const [found] = await db.script<{ counting: boolean; tables: Relations }>(`${first}${countsSql}`);
  if (!found!.counting)
    throw new NightfeedError(
      'DATABASE_SETTING',
      'track_counts is off: PostgreSQL does not count the rows that are written',
    );
  return found!.tables;
}

/** Partitions and INHERITS children count for the table: a partitioned one has no rows of its own. */
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
