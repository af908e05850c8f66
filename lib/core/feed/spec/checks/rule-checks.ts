import { entryOf } from '../../../entry-of.ts';
import { ExpressionFault } from '../../../expression/fault.ts';
import { firstMeaning } from '../../../expression/meaning.ts';
import { columnsOf, declaredColumnsOf } from '../../columns.ts';
import { readingSpecOf } from '../../reading-spec.ts';
import { type Rule, referencedBy, referenceOf, rulesOf } from '../../rules/rule.ts';
import { brokenWhen } from '../../rules/rule-condition.ts';
import { computed, scopeOf } from '../../shaping.ts';
import type { ColumnType } from '../../values/column-type.ts';
import { traitsOf } from '../../values/type-traits.ts';
import type { Table } from '../table.ts';

type Tables = Readonly<Record<string, Table>>;
type Complain = (message: string, ...path: string[]) => void;

/** Checks the rules of a table. A rule that references needs the other tables too. */
export function checkRules(tables: Tables, name: string, complain: Complain): void {
  const spec = tables[name]!;
  const reading = readingSpecOf(spec);
  const { meaning = firstMeaning } = reading;
  const scope = scopeOf(reading);
  for (const rule of rulesOf(spec)) {
    const fault = faultOf(rule, spec, tables, name, () => {
      const broken = brokenWhen(rule, scope, meaning);
      if (broken) computed(broken);
    });
    if (fault !== undefined)
      complain(`${rule.name}: ${fault}`, ...(rule.column === null ? ['rules'] : ['columns', rule.column]));
  }
  for (const rule of spec.rules ?? [])
    if (rule.check === undefined && rule.unique === undefined) complain('a rule has a check or is unique', 'rules');
}

function faultOf(rule: Rule, spec: Tables[string], tables: Tables, name: string, compile: () => unknown) {
  if (rule.kind === 'unique') {
    const unknown = rule.value.find((column) => !entryOf(spec.columns, column));
    if (unknown !== undefined) return `no column ${JSON.stringify(unknown)}`;
    return rule.value.map((column) => incomparable(spec.columns[column]!.type)).find((fault) => fault !== undefined);
  }
  if (rule.kind === 'references') return referenceFault(rule, spec, tables, name);
  try {
    compile();
    return undefined;
  } catch (error) {
    if (error instanceof ExpressionFault) return error.message;
    throw error;
  }
}

function referenceFault(rule: Rule, spec: Tables[string], tables: Tables, name: string): string | undefined {
  const { table: other, column } = referenceOf(rule);
  const target = entryOf(tables, other);
  if (!target) return `no table ${other}`;
  if (other === name) return 'a table cannot reference itself';
  const found = columnsOf(target).find((candidate) => candidate.name === column);
  if (!found) return `${other} has no column ${JSON.stringify(column)}`;
  const own = declaredColumnsOf(spec).find((candidate) => candidate.name === rule.column)!;
  if (found.type !== own.type) return `${other}.${column} is ${found.type}, not ${own.type}`;
  if (reaches(tables, other, name)) return `${other} references ${name} in turn`;
  return incomparable(found.type);
}

function incomparable(type: ColumnType): string | undefined {
  return traitsOf(type).comparable === 'no' ? `${type} values cannot be compared` : undefined;
}

function reaches(tables: Tables, from: string, to: string, seen = new Set<string>()): boolean {
  if (from === to) return true;
  const table = entryOf(tables, from);
  if (seen.has(from) || !table) return false;
  seen.add(from);
  return referencedBy(table).some((next) => reaches(tables, next, to, seen));
}
