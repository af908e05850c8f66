import type { ReadingSpec } from '../feed/reading-spec.ts';
import { needsAllRows, type Rule } from '../feed/rule.ts';
import { ruleCodes } from '../feed/rule-codes.ts';
import type { PlanStep } from './plan-step.ts';

/** Name of the relation with one column `v`: the values that a rule's references may have. */
export const referencedName = (index: number) => `referenced_${index}`;

interface OtherRows {
  /** With `c0…`. */
  readonly relation: string;
  sameKey(left: string, right: string): string;
}

export interface SetRules {
  /** From `sound(part, ord, c0…)` to tables of the rows that break a rule. */
  readonly steps: readonly PlanStep[];
  /** Of a row of `sound` under the alias `n`: that no rule rejects it; null where there is none such. */
  readonly accepts: string | null;
  /** Of the same row: columns that tell which of the other rules it breaks. */
  readonly flags: readonly string[];
  /** Rejected rows; null where there are none. */
  rejected(keys: string): string | null;
  /** Columns that the rules need. */
  readonly columns: readonly string[];
}

/**
 * Rules that need all rows: uniqueness and references, over rows that are accepted but for them. Where those are only some
 * rows of the table, `others` has the rest.
 */
export function setRules({ columns, rules = [] }: ReadingSpec, others: OtherRows | null = null): SetRules {
  const c = (name: string) => `c${columns.findIndex((column) => column.name === name)}`;
  const all = rules.flatMap((rule, index) => (needsAllRows(rule) ? [{ rule, index, broken: `broken_${index}` }] : []));
  const rejecting = all.filter(({ rule }) => rule.on_fail === 'reject_row');
  const breaks = (broken: string) => `EXISTS (SELECT 1 FROM ${broken} x WHERE x.part = n.part AND x.ord = n.ord)`;
  const firsts = rejecting.map(
    ({ rule, index, broken }) => `SELECT part, ord, ${index} AS nth, '${ruleCodes[rule.kind]}' AS code FROM ${broken}`,
  );
  return {
    steps: all.map(({ rule, index, broken }) => ({
      name: broken,
      kind: 'table',
      select: brokenSql(rule, index, c, others),
    })),
    accepts: rejecting.length === 0 ? null : rejecting.map(({ broken }) => `NOT ${breaks(broken)}`).join(' AND '),
    flags: all
      .filter(({ rule }) => rule.on_fail !== 'reject_row')
      .map(({ index, broken }) => `${breaks(broken)} AS b${index}`),
    rejected: (keys) =>
      rejecting.length === 0
        ? null
        : `SELECT n.part, n.ord, f.code, concat('r', f.nth), true, ${keys} FROM sound n JOIN (
  SELECT *, row_number() OVER (PARTITION BY part, ord ORDER BY nth) AS place FROM (${firsts.join(' UNION ALL ')}) every) f
  ON f.part = n.part AND f.ord = n.ord AND f.place = 1`,
    columns: [...new Set(all.flatMap(({ rule }) => (rule.kind === 'unique' ? rule.value : [rule.column!])).map(c))],
  };
}

function brokenSql(rule: Rule, index: number, c: (name: string) => string, others: OtherRows | null): string {
  if (rule.kind === 'references') {
    const value = c(rule.column!);
    return `SELECT part, ord FROM sound n WHERE ${value} IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM ${referencedName(index)} p WHERE p.v = n.${value})`;
  }
  const values = rule.value.map(c);
  const known = values.map((value) => `${value} IS NOT NULL`).join(' AND ');
  const equal = (other: string) => values.map((value) => `${other}.${value} = n.${value}`).join(' AND ');
  const elsewhere =
    others &&
    `\nUNION SELECT n.part, n.ord FROM sound n JOIN ${others.relation} o ON ${equal('o')} WHERE NOT (${others.sameKey('o', 'n')})`;
  return `SELECT n.part, n.ord FROM sound n JOIN (
  SELECT ${values.join(', ')} FROM sound WHERE ${known} GROUP BY ${values.join(', ')} HAVING count(*) > 1) t
  ON ${equal('t')}${elsewhere ?? ''}`;
}
