import type { SqlDialect } from '../dialects/dialect.ts';
import { FILTERED } from './next-rows.ts';
import type { PlanStep } from './plan-step.ts';
import type { RowSql } from './row-sql.ts';

/** Records that are left out because a newer one of their key came with them: part, ord, key. */
export const OLDER_ROWS = 'older_rows';

export interface Versions {
  /** Column of `next_rows` and `base_rows` with the greatest value in the newest version. */
  readonly newest: RowSql['all'][number];
  /** Query of the malformed records as rejects. */
  readonly malformed: string;
}

/**
 * Steps up to `older_rows` and `duplicate_rows(part, ord, code, key)` where records of one key are versions of a row. A record whose
 * version cannot be told may be the newest. The same as `core/diff/versions.ts`.
 */
export function versions(sql: SqlDialect, rows: RowSql, { newest, malformed }: Versions): PlanStep[] {
  const { all, keys, list, sameKey, text } = rows;
  const key = list('', keys);
  const [v, anyKey] = [newest.c, keys[0]!.c];
  const table = (name: string, select: string): PlanStep => ({ name, kind: 'table', select });
  return [
    table(
      'key_records',
      `SELECT part, ord, CASE WHEN problem IS NULL THEN 'good' WHEN problem = '${FILTERED}' THEN 'filtered' ELSE 'bad' END AS kind, told, ${key}, ${v} AS version
FROM next_rows WHERE readable
UNION ALL SELECT part, CAST(NULL AS BIGINT), 'bad', false, ${key}, CAST(NULL AS ${sql.type(newest.type)}) FROM (${malformed}) m WHERE readable`,
    ),
    table('duplicate_keys', `SELECT ${key} FROM key_records GROUP BY ${key} HAVING count(*) > 1`),
    // The first place is the newest version, or one that may be.
    table(
      'key_versions',
      `SELECT part, ord, kind, ${key}, place, ${['good', 'filtered', 'bad'].map((kind) => `min(CASE WHEN kind = '${kind}' THEN place END) OVER same AS ${kind}`).join(', ')}
FROM (SELECT r.*, dense_rank() OVER (PARTITION BY ${list('r.', keys)} ORDER BY CASE WHEN told THEN 1 ELSE 0 END, version DESC NULLS LAST) AS place
  FROM key_records r JOIN duplicate_keys d ON ${sameKey('r', 'd')}) placed WINDOW same AS (PARTITION BY ${key})`,
    ),
    table(
      OLDER_ROWS,
      `SELECT part, ord, ${key} FROM key_versions WHERE kind = 'good' AND (place > good OR place > filtered)`,
    ),
    table(
      'unreadable_records',
      `SELECT DISTINCT true AS is_any FROM (SELECT readable FROM next_rows WHERE problem IS NOT NULL AND problem <> '${FILTERED}'
  UNION ALL SELECT readable FROM (${malformed}) m) r WHERE NOT readable`,
    ),
    // Production is newer, and the record that says so tonight may be one whose key cannot be read. Mostly the first relation is empty.
    table(
      'fallen_rows',
      `SELECT n.part, n.ord, ${list('n.', keys)} FROM unreadable_records u JOIN base_rows b ON u.is_any = (b.${anyKey} IS NOT NULL)
JOIN next_rows n ON ${sameKey('n', 'b')} WHERE n.problem IS NULL AND ${isOlder('n.', 'b.', newest)}`,
    ),
    table(
      'duplicate_texts',
      `SELECT n.part, n.ord, ${list('n.', keys)}, coalesce(filtered = place, false) AS beside,
  coalesce(bad <= place, false) OR EXISTS (SELECT 1 FROM fallen_rows f WHERE f.part = n.part AND f.ord = n.ord) AS behind, ${text('n.', all)} AS t
FROM next_rows n JOIN key_versions v ON v.part = n.part AND v.ord = n.ord WHERE kind = 'good' AND place = good AND coalesce(place <= filtered, true)`,
    ),
    table(
      'duplicate_rows',
      `SELECT part, ord, CASE WHEN differ OR beside THEN 'DUP_KEY' WHEN behind THEN 'NEWER_REJECTED' ELSE 'DUP_ROW' END AS code, ${key}
FROM (SELECT *, min(t) OVER same <> max(t) OVER same AS differ, row_number() OVER (PARTITION BY ${key} ORDER BY part, ord) AS copy
  FROM duplicate_texts WINDOW same AS (PARTITION BY ${key})) copies
WHERE differ OR beside OR behind OR copy > 1
UNION ALL SELECT part, ord, 'NEWER_REJECTED', ${key} FROM fallen_rows f
WHERE NOT EXISTS (SELECT 1 FROM key_versions v WHERE v.part = f.part AND v.ord = f.ord)`,
    ),
  ];
}

/** Whether the version of one side is older than that of the other. Null is older than any value. */
export function isOlder(side: string, than: string, { c }: Versions['newest']): string {
  return `${than}${c} IS NOT NULL AND (${side}${c} IS NULL OR ${side}${c} < ${than}${c})`;
}

/** The same for a delivery without duplicate keys, in which every key can be read. */
export function noOlderRows({ keys, list }: RowSql): PlanStep {
  return { name: OLDER_ROWS, kind: 'view', select: `SELECT part, ord, ${list('', keys)} FROM next_rows WHERE false` };
}
