import type { PlanStep } from './plan-step.ts';
import type { RowSql } from './row-sql.ts';

export const STAYING = 'staying';

interface Staying {
  /** Relations of the rows that a rule rejects no matter which rows stay. */
  readonly rejected: readonly string[];
  /** Columns of each rule that rejects a row with the same values as one that stays. */
  readonly unique: readonly (readonly string[])[];
  /** Columns that are needed besides the key. */
  readonly columns: readonly string[];
}

/**
 * Rows of the base that stay although tonight's records have no version or a new version of them: the new one is rejected,
 * or a reject with an unreadable key may have been the row. A row that stays may take a unique value from a new row, whose last
 * version then stays too.
 *
 * Each step begins with a relation that is empty on most nights, so that the base is not read again for it.
 */
export function stayingRows({ keys, list, sameKey }: RowSql, { rejected, unique, columns }: Staying): PlanStep {
  const values = [...new Set([...keys.map(({ c }) => c), ...columns])].map((c) => `b.${c}`).join(', ');
  const isNone = `NOT EXISTS (SELECT 1 FROM unrefused n WHERE ${sameKey('n', 'b')})`;
  const of = (relation: string, on: string) => `SELECT ${values} FROM (${relation}) s JOIN base_rows b ON ${on}`;
  const rejectedKeys = rejected.map(
    (table) => `SELECT ${list('n.', keys)} FROM ${table} x JOIN unrefused n ON n.part = x.part AND n.ord = x.ord`,
  );
  const takers = unique.map((rule) => {
    const equal = rule.map((c) => `n.${c} = ${STAYING}.${c}`).join(' AND ');
    return `SELECT ${list('n.', keys)} FROM ${STAYING} JOIN unrefused n ON ${equal} WHERE NOT (${sameKey('n', STAYING)})`;
  });
  return {
    name: STAYING,
    kind: 'table',
    isFew: true,
    select: [
      `${of(`SELECT DISTINCT ${list('', keys)} FROM refused WHERE readable`, sameKey('s', 'b'))} WHERE ${isNone}`,
      // No key is null. The condition makes the join empty when there is nothing to do, which costs nothing.
      `${of('SELECT DISTINCT true AS is_any FROM refused WHERE NOT readable', `s.is_any = (b.${keys[0]!.c} IS NOT NULL)`)} WHERE ${isNone}`,
      ...(rejectedKeys.length === 0 ? [] : [of(rejectedKeys.join(' UNION '), sameKey('s', 'b'))]),
    ].join('\nUNION '),
    ...(takers.length === 0 ? {} : { grow: of(takers.join('\nUNION '), sameKey('s', 'b')) }),
  };
}
