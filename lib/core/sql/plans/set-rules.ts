import type { ReadingSpec } from '../../feed/reading-spec.ts';
import { needsAllRows, type Rule, ruleCodes } from '../../feed/rules/rule.ts';
import type { PlanStep } from './plan-step.ts';
import type { RowSql } from './row-sql.ts';
import { STAYING, stayingRows } from './staying-rows.ts';

/** Name of a relation with one column `v`: the values that a rule's reference may have. */
export const referencedName = (index: number) => `referenced_${index}`;

/** Other rows than the records, from which a unique value has to differ too. */
export type OtherRows =
  /** A first load has none. */
  | 'none'
  /** Rows of the base that stay although tonight's records have no version or another version of them. */
  | 'staying'
  /** All rows of the base, when the records are only a part of the table. */
  | 'base';

export interface SetRules {
  /** Steps from `unrefused(part, ord, c0…)`, `refused` and `base_rows` to relations of the rows that break a rule. */
  readonly steps: readonly PlanStep[];
  /** Condition on a row of `unrefused`, alias `n`, that no rule rejects it; null without rules that reject. */
  readonly accepts: string | null;
  /** Columns of the same row that say which of the other rules it breaks. */
  readonly flags: readonly string[];
  /** Query of the rejected rows; null without rules that reject. */
  rejected(keys: string): string | null;
  /** Columns that the rules need. */
  readonly columns: readonly string[];
}

/** Rules that need all rows: uniqueness and references, among rows that nothing else rejects. */
export function setRules({ columns, rules = [] }: ReadingSpec, rows: RowSql, others: OtherRows): SetRules {
  const place = (name: string) => columns.findIndex((column) => column.name === name);
  const c = (name: string) => `c${place(name)}`;
  const all = rules.flatMap((rule, index) => (needsAllRows(rule) ? [{ rule, index, broken: `broken_${index}` }] : []));
  const rejecting = all.filter(({ rule }) => rule.on_fail === 'reject_row');
  const breaks = (broken: string) => `EXISTS (SELECT 1 FROM ${broken} x WHERE x.part = n.part AND x.ord = n.ord)`;
  const firsts = rejecting.map(
    ({ rule, index, broken }) => `SELECT part, ord, ${index} AS nth, '${ruleCodes[rule.kind]}' AS code FROM ${broken}`,
  );
  return {
    steps: brokenSteps(),
    accepts: rejecting.length === 0 ? null : rejecting.map(({ broken }) => `NOT ${breaks(broken)}`).join(' AND '),
    flags: all
      .filter(({ rule }) => rule.on_fail !== 'reject_row')
      .map(({ index, broken }) => `${breaks(broken)} AS b${index}`),
    rejected: (keys) =>
      rejecting.length === 0
        ? null
        : `SELECT n.part, n.ord, f.code, concat('r', f.nth) AS col, true AS readable, ${keys} FROM unrefused n JOIN (
  SELECT *, row_number() OVER (PARTITION BY part, ord ORDER BY nth) AS place FROM (${firsts.join(' UNION ALL ')}) every) f
  ON f.part = n.part AND f.ord = n.ord AND f.place = 1`,
    columns: [...new Set(all.flatMap(({ rule }) => (rule.kind === 'unique' ? rule.value : [rule.column!])).map(c))],
  };

  function brokenSteps(): PlanStep[] {
    const table = (name: string, select: string): PlanStep => ({ name, kind: 'table', select });
    const valuesOf = (rule: Rule) => rule.value.map(c);
    // The rows of the base do not have columns that are only read.
    const asksOthers = ({ kind, value }: Rule) =>
      kind === 'unique' && value.every((name) => place(name) < rows.all.length);
    const tonight = ({ rule, index }: (typeof all)[number]) =>
      rule.kind === 'references' ? unknownSql(c(rule.column!), index) : alikeSql(valuesOf(rule));
    const taken = (rule: Rule, relation: string) => takenSql(rows, valuesOf(rule), relation);

    const asking = all.filter(({ rule }) => asksOthers(rule));
    if (others === 'none' || asking.length === 0) return all.map((each) => table(each.broken, tonight(each)));
    if (others === 'base')
      return all.map((each) =>
        table(
          each.broken,
          asksOthers(each.rule) ? `${tonight(each)}\nUNION ${taken(each.rule, 'base_rows')}` : tonight(each),
        ),
      );
    const first = ({ rule, broken }: (typeof all)[number]) => (asksOthers(rule) ? `${broken}_tonight` : broken);
    return [
      ...all.map((each) => table(first(each), tonight(each))),
      stayingRows(rows, {
        rejected: rejecting.map(first),
        unique: rejecting.flatMap(({ rule }) => (asksOthers(rule) ? [valuesOf(rule)] : [])),
        columns: asking.flatMap(({ rule }) => valuesOf(rule)),
      }),
      ...asking.map((each) =>
        table(each.broken, `SELECT part, ord FROM ${first(each)}\nUNION ${taken(each.rule, STAYING)}`),
      ),
    ];
  }
}

/** Rows with a value that the referenced column does not have. */
function unknownSql(value: string, index: number): string {
  return `SELECT part, ord FROM unrefused n WHERE ${value} IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM ${referencedName(index)} p WHERE p.v = n.${value})`;
}

/** Rows that share their values with another row of the same night. */
function alikeSql(values: readonly string[]): string {
  const known = values.map((value) => `${value} IS NOT NULL`).join(' AND ');
  return `SELECT n.part, n.ord FROM unrefused n JOIN (
  SELECT ${values.join(', ')} FROM unrefused WHERE ${known} GROUP BY ${values.join(', ')} HAVING count(*) > 1) t
  ON ${equal(values, 't', 'n')}`;
}

/** Rows that share their values with a row of another key in production, which keeps them. */
function takenSql({ sameKey }: RowSql, values: readonly string[], relation: string): string {
  return `SELECT n.part, n.ord FROM unrefused n JOIN ${relation} o ON ${equal(values, 'o', 'n')} WHERE NOT (${sameKey('o', 'n')})`;
}

function equal(values: readonly string[], a: string, b: string): string {
  return values.map((value) => `${a}.${value} = ${b}.${value}`).join(' AND ');
}
