import type { RejectCode } from '../../records/reject.ts';
import { declaredColumnsOf } from '../columns.ts';
import { type RuleKind, type RuleOptions, ruleKinds } from '../spec/rules.ts';
import type { Table } from '../spec/table.ts';

/** A rule of a table, in one form however the feed file writes it. */
export interface Rule {
  /** `price.min`; the name that a rule of the whole table has or is given. */
  readonly name: string;
  /** null for a rule of the whole table. */
  readonly column: string | null;
  readonly kind: RuleKind;
  /** A value, values, columns, an expression or `table.column`, as text. */
  readonly value: readonly string[];
  readonly on_fail: OnFail;
}

export type OnFail = 'warn' | 'reject_row' | 'hold' | 'refuse';

/** The reject code of each kind of rule. */
export const ruleCodes = {
  required: 'REQUIRED',
  min: 'TOO_SMALL',
  max: 'TOO_LARGE',
  pattern: 'PATTERN',
  in: 'NOT_ALLOWED',
  check: 'CHECK',
  unique: 'NOT_UNIQUE',
  references: 'NO_REFERENCE',
} as const satisfies Record<RuleKind, RejectCode>;

/** All rules, in the order in which they are checked. `required` of a column that rejects is not one of them: it is part of reading. */
export function rulesOf(table: Pick<Table, 'columns' | 'rules'>): Rule[] {
  const ofColumns = declaredColumnsOf(table).flatMap(({ name, ...column }) => {
    const required = column.required && !rejectsNull(column) ? { required: true } : {};
    const short = { ...column, required: undefined, ...required } as RuleOptions;
    return [short, ...(column.rules ?? [])].flatMap((options) =>
      rulesIn(options, name, options.on_fail ?? column.on_fail ?? 'reject_row'),
    );
  });
  const ofTable = (table.rules ?? []).flatMap((options, index) =>
    rulesIn(options, null, options.on_fail ?? 'reject_row', options.name ?? `rule ${index + 1}`),
  );
  return withUniqueNames([...ofColumns, ...ofTable]);
}

/** Whether a null in a required column rejects the row. */
export function rejectsNull({ on_fail = 'reject_row' }: { on_fail?: OnFail | undefined }): boolean {
  return on_fail === 'reject_row';
}

/** Rules that need all rows of the table. */
export function needsAllRows({ kind }: Pick<Rule, 'kind'>): boolean {
  return kind === 'unique' || kind === 'references';
}

/** `table.column` of a rule that references. */
export function referenceOf({ value }: Rule): { table: string; column: string } {
  const at = value[0]!.indexOf('.');
  return { table: value[0]!.slice(0, at), column: value[0]!.slice(at + 1) };
}

/** Names of the tables that a table references. */
export function referencedBy(spec: Pick<Table, 'columns' | 'rules'>): string[] {
  const rules = rulesOf(spec).filter(({ kind }) => kind === 'references');
  return [...new Set(rules.map((rule) => referenceOf(rule).table))];
}

/** Sorts the tables so that each follows those that its rules reference. The feed file allows no circle. */
export function referencedFirst(tables: Readonly<Record<string, Table>>, names: readonly string[]): string[] {
  const ordered = new Set<string>();
  const add = (name: string) => {
    for (const other of referencedBy(tables[name]!)) add(other);
    ordered.add(name);
  };
  for (const name of names) add(name);
  return [...ordered];
}

function rulesIn(options: RuleOptions, column: string | null, on_fail: OnFail, name?: string): Rule[] {
  return ruleKinds.flatMap((kind) => {
    const option = options[kind];
    if (option === undefined || option === false) return [];
    const value = option === true ? (column === null ? [] : [column]) : [option].flat().map(String);
    return [{ name: name ?? `${column}.${kind}`, column, kind, value, on_fail }];
  });
}

function withUniqueNames(rules: readonly Rule[]): Rule[] {
  const seen = new Map<string, number>();
  return rules.map((rule) => {
    const times = (seen.get(rule.name) ?? 0) + 1;
    seen.set(rule.name, times);
    return times === 1 ? rule : { ...rule, name: `${rule.name} ${times}` };
  });
}
