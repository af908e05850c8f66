import type { ChangeKind } from '../../../core/run/diff-receipt.ts';
import { columnList, columnOf, fingerprintSums, rowHash } from '../../../core/sql/dialects/postgres.ts';
import { sameKey, type Target } from '../tables/target.ts';
import type { Stages } from './stage.ts';

/** The statements that change one table. `t` is the target table, `s` a staging table, $1 the business date. */

interface Named {
  readonly name: string;
}

/**
 * Keeps every column that table and history have, even one that no longer comes, because its value may vanish with the row.
 * A version that began on the same business date leaves no interval, because it was never valid overnight.
 */
export function closeVersions(target: Target, stages: Stages, columns: readonly Named[]): string {
  const { sql, match } = stagedKeys(target, stages, ['updated', 'gone']);
  return `
INSERT INTO ${target.history} (${columnList(columns)}, _valid_from, _valid_to)
SELECT ${columnList(columns, 't')}, t._last_changed, $1::date
FROM ${sql} JOIN ${target.table} AS t ON ${match}
WHERE t._last_changed < $1::date
ORDER BY ${columnList(target.keys, 't')}`;
}

/**
 * Joins production once: the old row is hashed, and then written by its ctid within its partition, so exactly the hashed row is replaced.
 * A row that somebody else changed in between has another ctid and is not written, which the count shows. Read committed
 * only: `old` must be the statement's own snapshot. Values have names of our own, because a vendor's column may have any name.
 */
export function updateRows(target: Target, stage: string): string {
  const values = target.values.map(({ name }, index) => `${columnOf(name, 's')} AS v${index}, `);
  const set = target.values.map(({ name }, index) => `${columnOf(name)} = s.v${index}, `);
  return `
WITH written AS (
  UPDATE ${target.table} AS t SET ${set.join('')}_last_changed = $1::date, _loaded_at = now()
  FROM (
    SELECT ${values.join('')}p.ctid AS place, p.tableoid AS part, ${rowHash(target.compared, 'p')} AS old
    FROM ${stage} AS s JOIN ${target.table} AS p ON ${sameKey(target, 'p', 's')}
    WHERE p._gone_since IS NULL ORDER BY ${columnList(target.keys, 's')}
  ) AS s WHERE t.ctid = s.place AND t.tableoid = s.part
  RETURNING s.old AS old, ${rowHash(target.compared, 't')} AS new
)
SELECT ${fingerprintSums('old')} AS old, ${fingerprintSums('new')} AS new FROM written`;
}

/** Rows to insert whose key exists as a gone row. */
export function returnRows(target: Target, stage: string): string {
  const set = target.values.map(({ name }) => `${columnOf(name)} = ${columnOf(name, 's')}, `);
  return `
WITH written AS (
  UPDATE ${target.table} AS t SET ${set.join('')}_last_changed = $1::date, _gone_since = NULL, _loaded_at = now()
  FROM ${stage} AS s WHERE ${sameKey(target, 't', 's')} AND t._gone_since IS NOT NULL
  RETURNING ${rowHash(target.compared, 't')} AS new
)
SELECT ${fingerprintSums('new')} AS new FROM written`;
}

export function insertRows(target: Target, stage: string, { skipPresent }: { skipPresent: boolean }): string {
  return `
WITH written AS (
  INSERT INTO ${target.table} AS t (${columnList(target.columns)}, _first_seen, _last_changed)
  SELECT ${columnList(target.columns, 's')}, $1::date, $1::date FROM ${stage} AS s ORDER BY ${columnList(target.keys, 's')}
  ${skipPresent ? `ON CONFLICT (${columnList(target.keys)}) DO NOTHING` : ''}
  RETURNING ${rowHash(target.compared, 't')} AS new
)
SELECT ${fingerprintSums('new')} AS new FROM written`;
}

/** The stamp does not change hashed columns, so the new version of the row gives the old one's hash. */
export function stampRows(target: Target, stage: string): string {
  return `
WITH written AS (
  UPDATE ${target.table} AS t SET _gone_since = $1::date, _loaded_at = now()
  FROM ${stage} AS s WHERE ${sameKey(target, 't', 's')} AND t._gone_since IS NULL
  RETURNING ${rowHash(target.compared, 't')} AS old
)
SELECT ${fingerprintSums('old')} AS old FROM written`;
}

export function deleteRows(target: Target, stage: string): string {
  return `
WITH written AS (
  DELETE FROM ${target.table} AS t
  USING ${stage} AS s WHERE ${sameKey(target, 't', 's')} AND t._gone_since IS NULL
  RETURNING ${rowHash(target.compared, 't')} AS old
)
SELECT ${fingerprintSums('old')} AS old FROM written`;
}

/** Live rows with the keys of a staging table. */
export function hashStaged(target: Target, stage: string): string {
  return `
SELECT ${fingerprintSums('hash')} AS live FROM (
  SELECT ${rowHash(target.compared, 't')} AS hash FROM ${stage} AS s JOIN ${target.table} AS t ON ${sameKey(target, 't', 's')}
  WHERE t._gone_since IS NULL
) AS live`;
}

/**
 * Sums over all live rows. The volatile column keeps the planner from flattening the subquery, where it would compute each
 * hash twice; unlike OFFSET 0 it leaves a parallel plan possible.
 */
export function hashLiveRows(table: string, compared: Target['compared'], live = 't._gone_since IS NULL'): string {
  return `
SELECT ${fingerprintSums('hash')} AS live FROM (
  SELECT ${rowHash(compared, 't')} AS hash, clock_timestamp() AS apart FROM ${table} AS t WHERE ${live}
) AS live`;
}

/** Keys of several staging tables under names of our own, because a vendor's column may have any name. */
function stagedKeys(target: Target, stages: Stages, kinds: readonly ChangeKind[]): { sql: string; match: string } {
  const parts = kinds.flatMap((kind) => {
    const stage = stages[kind];
    return stage ? [`SELECT '${kind}', ${columnList(target.keys)} FROM ${stage}`] : [];
  });
  const names = target.keys.map((_, index) => `k${index}`);
  return {
    sql: `(${parts.join(' UNION ALL ')}) AS s (kind, ${names.join(', ')})`,
    match: target.keys.map(({ name }, index) => `${columnOf(name, 't')} = s.k${index}`).join(' AND '),
  };
}
