import { type ChangeKind, changeKinds } from '../../../core/run/receipt.ts';
import { columnList, columnOf, fingerprintSums, rowHash } from '../../../core/sql/postgres.ts';
import type { Stages } from './stage.ts';
import { sameKey, type Target } from './target.ts';

/** The statements of one table's change. `t` is production, `s` a stage, $1 the business date. */

/**
 * Locks every present row that a stage names, in key order by kind, and hashes it: sums by kind and by live or gone.
 * Each stage is joined by itself: over their union the planner has no statistics, and hashes all of production.
 */
export function lockOldRows(target: Target, stages: Stages): string {
  const locked = changeKinds.flatMap((kind) => {
    const stage = stages[kind];
    if (!stage) return [];
    return `locked_${kind} AS MATERIALIZED (
  SELECT '${kind}' AS kind, t._gone_since IS NULL AS live, ${rowHash(target.compared, 't')} AS hash
  FROM ${stage} AS s JOIN ${target.table} AS t ON ${sameKey(target, 't', 's')}
  ORDER BY ${columnList(target.keys, 't')}
  FOR UPDATE OF t
)`;
  });
  const all = changeKinds.filter((kind) => stages[kind]).map((kind) => `SELECT * FROM locked_${kind}`);
  return `
WITH ${locked.join(', ')}
SELECT kind, live, ${fingerprintSums('hash')} FROM (${all.join(' UNION ALL ')}) AS locked GROUP BY kind, live`;
}

/** A version that began on this very date never was anybody's truth overnight: it leaves no interval. */
export function closeVersions(target: Target, stages: Stages): string {
  const { sql, match } = stagedKeys(target, stages, ['updated', 'gone']);
  return `
INSERT INTO ${target.history} (${columnList(target.columns)}, _valid_from, _valid_to)
SELECT ${columnList(target.columns, 't')}, t._last_changed, $1::date
FROM ${sql} JOIN ${target.table} AS t ON ${match}
WHERE t._last_changed < $1::date
ORDER BY ${columnList(target.keys, 't')}`;
}

export function updateRows(target: Target, stage: string): string {
  return `
WITH written AS (
  UPDATE ${target.table} AS t SET ${assignments(target)}_last_changed = $1::date, _loaded_at = now()
  FROM ${stage} AS s WHERE ${sameKey(target, 't', 's')}
  RETURNING ${rowHash(target.compared, 't')} AS hash
)
SELECT ${fingerprintSums('hash')} FROM written`;
}

export function insertRows(target: Target, stage: string): string {
  return `
WITH written AS (${insert(target, stage, '')})
SELECT ${fingerprintSums('hash')} FROM written`;
}

/** For a stage of which some rows were gone and return; the others are inserted. */
export function returnAndInsertRows(target: Target, stage: string): string {
  const keys = target.keys.map((_, index) => `k${index}`);
  const isReturned = target.keys.map(({ name }, index) => `r.k${index} = ${columnOf(name, 's')}`).join(' AND ');
  return `
WITH returned (${keys.join(', ')}, hash) AS (
  UPDATE ${target.table} AS t SET ${assignments(target)}_last_changed = $1::date, _gone_since = NULL, _loaded_at = now()
  FROM ${stage} AS s WHERE ${sameKey(target, 't', 's')} AND t._gone_since IS NOT NULL
  RETURNING ${columnList(target.keys, 's')}, ${rowHash(target.compared, 't')}
), inserted AS (${insert(target, stage, `WHERE NOT EXISTS (SELECT FROM returned AS r WHERE ${isReturned})`)}),
written AS (SELECT hash FROM returned UNION ALL SELECT hash FROM inserted)
SELECT ${fingerprintSums('hash')} FROM written`;
}

export function stampRows(target: Target, stage: string): string {
  return `
WITH written AS (
  UPDATE ${target.table} AS t SET _gone_since = $1::date, _loaded_at = now()
  FROM ${stage} AS s WHERE ${sameKey(target, 't', 's')} RETURNING 1
)
SELECT count(*)::float8 AS rows FROM written`;
}

export function deleteRows(target: Target, stage: string): string {
  return `
WITH written AS (DELETE FROM ${target.table} AS t USING ${stage} AS s WHERE ${sameKey(target, 't', 's')} RETURNING 1)
SELECT count(*)::float8 AS rows FROM written`;
}

/**
 * Sums over all live rows. The volatile column keeps the planner from pulling the subquery up, where it would compute each
 * hash twice; unlike OFFSET 0 it leaves a parallel plan possible.
 */
export function hashLiveRows(table: string, compared: Target['compared']): string {
  return `
SELECT ${fingerprintSums('hash')} FROM (
  SELECT ${rowHash(compared, 't')} AS hash, clock_timestamp() AS apart FROM ${table} AS t WHERE t._gone_since IS NULL
) AS live`;
}

function insert(target: Target, stage: string, where: string): string {
  return `
  INSERT INTO ${target.table} AS t (${columnList(target.columns)}, _first_seen, _last_changed)
  SELECT ${columnList(target.columns, 's')}, $1::date, $1::date FROM ${stage} AS s ${where} ORDER BY ${columnList(target.keys, 's')}
  RETURNING ${rowHash(target.compared, 't')} AS hash
`;
}

function assignments({ values }: Target): string {
  return values.map(({ name }) => `${columnOf(name)} = ${columnOf(name, 's')}, `).join('');
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
