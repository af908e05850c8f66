import { checkCondition } from '../expression/check.ts';
import type { Expression } from '../expression/expression.ts';
import { columnsOf } from './columns.ts';
import type { Table } from './spec/table.ts';

/** Which of the rows that vanish stay; null when one rule is for all. Throws ExpressionFault, which the schema rules out. */
export function retainCondition(table: Pick<Table, 'columns' | 'retain_where'>): Expression | null {
  if (table.retain_where === undefined) return null;
  return checkCondition(table.retain_where, new Map(columnsOf(table).map(({ name, type }) => [name, type])));
}
