import { NightfeedError } from '../../../core/errors.ts';
import type { TargetObject } from '../../../core/run/receipt.ts';
import type { Connection } from './session.ts';

/** Rows of one relation, as PostgreSQL counts what happens to them. */
export interface RowCounts {
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
}

/** By qualified name, without quotes. */
type Counted = Readonly<Record<string, RowCounts>>;

/**
 * What the transaction did to the rows of tables and histories of nightfeed, as the server counts it, against what our
 * statements meant: cascading keys, triggers and rules write too, and no statement tells of their rows. Counters are those of
 * the backend: they begin before the transaction, and keep what a ROLLBACK TO SAVEPOINT undid.
 */
export class WrittenRows {
  readonly #db: Connection;
  readonly #before: Counted;
  readonly #meant: Record<string, RowCounts> = {};
  readonly #suspects: readonly TargetObject[];

  private constructor(db: Connection, before: Counted, suspects: readonly TargetObject[]) {
    this.#db = db;
    this.#before = before;
    this.#suspects = suspects;
  }

  /** Before the first row is written. Throws DATABASE_SETTING where the server does not count. */
  static async since(db: Connection, suspects: readonly TargetObject[] = []): Promise<WrittenRows> {
    return new WrittenRows(db, await counted(db, ''), suspects);
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
    const wrong = Object.entries(after).flatMap(([relation, rows]) => {
      const found = minus(rows, this.#before[relation] ?? nothing);
      const meant = this.#meant[relation] ?? nothing;
      return show(found) === show(meant) ? [] : [`${relation}: ${show(found)} rows; ${show(meant)} were meant`];
    });
    if (wrong.length === 0) return;
    const names = this.#suspects.map(({ name }) => name);
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
async function counted(db: Connection, first: string): Promise<Counted> {
  const [found] = await db.script<{ counting: boolean; tables: Counted }>(`${first}${countsSql}`);
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
  SELECT n.nspname || '.' || c.relname AS relation, c.oid
  FROM nightfeed.target_table AS t
  CROSS JOIN LATERAL (VALUES (t.table_name), (CASE WHEN t.history THEN t.table_name || '_history' END)) AS named (relname)
  JOIN pg_namespace n ON n.nspname = t.schema_name
  JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = named.relname
  UNION SELECT t.relation, i.inhrelid FROM tree t JOIN pg_inherits i ON i.inhparent = t.oid
), counts AS (
  SELECT relation, jsonb_build_object(
    'inserted', sum(pg_stat_get_xact_tuples_inserted(oid)),
    'updated', sum(pg_stat_get_xact_tuples_updated(oid)),
    'deleted', sum(pg_stat_get_xact_tuples_deleted(oid))) AS rows
  FROM tree GROUP BY relation
)
SELECT current_setting('track_counts')::boolean AS counting,
  (SELECT coalesce(jsonb_object_agg(relation, rows), '{}') FROM counts) AS tables`;
