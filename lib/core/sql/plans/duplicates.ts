import type { PlanStep } from './plan-step.ts';
import type { RowSql } from './row-sql.ts';

/**
 * Steps up to `duplicate_rows(part, ord, code, key)`: of several records with one key, all are rejected if they differ,
 * otherwise all but the first.
 */
export function duplicates({ all, keys, list, sameKey, text }: RowSql): PlanStep[] {
  return [
    {
      name: 'duplicate_keys',
      kind: 'table',
      select: `SELECT ${list('', keys)} FROM next_rows WHERE problem IS NULL GROUP BY ${list('', keys)} HAVING count(*) > 1`,
    },
    {
      name: 'duplicate_texts',
      kind: 'table',
      select: `SELECT n.part, n.ord, ${list('n.', keys)}, ${text('n.', all)} AS t
FROM next_rows n JOIN duplicate_keys d ON ${sameKey('n', 'd')} WHERE n.problem IS NULL`,
    },
    {
      name: 'duplicate_rows',
      kind: 'table',
      select: `SELECT part, ord, CASE WHEN differ THEN 'DUP_KEY' ELSE 'DUP_ROW' END AS code, ${list('', keys)}
FROM (SELECT *, min(t) OVER same <> max(t) OVER same AS differ, row_number() OVER (PARTITION BY ${list('', keys)} ORDER BY part, ord) AS copy
  FROM duplicate_texts WINDOW same AS (PARTITION BY ${list('', keys)})) copies
WHERE differ OR copy > 1`,
    },
  ];
}

/** The same for a delivery without duplicate keys. */
export function noDuplicates({ keys, list }: RowSql): PlanStep {
  const select = `SELECT part, ord, '' AS code, ${list('', keys)} FROM next_rows WHERE false`;
  return { name: 'duplicate_rows', kind: 'view', select };
}
