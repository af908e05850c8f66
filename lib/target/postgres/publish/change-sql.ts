import type { ChangeKind } from '../../../core/run/receipt.ts';
import { columnList, columnOf, fingerprintSums, rowHash } from '../../../core/sql/dialects/postgres.ts';
import { sameKey, type Target } from '../tables/target.ts';
import type { Stages } from './stage.ts';

/** The statements of one table's change. `t` is production, `s` a stage, $1 the business date. */

interface Named {
  readonly name: string;
}

/**
 * Every column that table and history have, also one that no longer comes: with the row its value may be gone for good.
 * A version that began on this very date never was anybody's truth overnight: it leaves no interval.
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
 * Joins production once: the old row is hashed and then written by its place (ctid, within its partition), so what was hashed is what is replaced.
 * A row that somebody else changes in between has another place and stays unwritten, which the count shows. Read committed
 * only: `old` must be the statement's own snapshot. Values go under names of our own, since a vendor's column may have any.
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

/** Of the rows to insert, those that were gone. */
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

/** The stamp leaves the hashed columns alone, so that the row's new version tells the old one's hash. */
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

/** The live rows that a stage names. */
export function hashStaged(target: Target, stage: string): string {
  return `
SELECT ${fingerprintSums('hash')} AS live FROM (
  SELECT ${rowHash(target.compared, 't')} AS hash FROM ${stage} AS s JOIN ${target.table} AS t ON ${sameKey(target, 't', 's')}
  WHERE t._gone_since IS NULL
) AS live`;
}

/**
 * Sums over all live rows. The volatile column keeps the planner from pulling the subquery up, where it would compute each
 * hash twice; unlike OFFSET 0 it leaves a parallel plan possible.
 */
export function hashLiveRows(table: string, compared: Target['compared'], live = 't._gone_since IS NULL'): string {
  return `
SELECT ${fingerprintSums('hash')} AS live FROM (
  SELECT ${rowHash(compared, 't')} AS hash, clock_timestamp() AS apart FROM ${table} AS t WHERE ${live}
) AS live`;
}

/** Keys of several stages under names of our own, since a vendor's column may have any. */
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
