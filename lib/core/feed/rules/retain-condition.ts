import { affordable, checkCondition } from '../../expression/check.ts';
import type { Expression } from '../../expression/expression.ts';
import { failureOf, withoutFailure } from '../../expression/failure.ts';
import { firstMeaning, type Meaning } from '../../expression/meaning.ts';
import { columnsOf } from '../columns.ts';
import type { Table } from '../spec/table.ts';

type Retaining = Pick<Table, 'columns' | 'retain_where' | 'meaning'>;

/**
 * Which vanished rows stay; null when all are treated alike. A row for which the condition is null stays: that can
 * be corrected, a deleted row cannot. Throws ExpressionFault, which the schema rules out.
 */
export function retainCondition(table: Retaining): Expression | null {
  const condition = retainWhere(table, table.meaning?.retain_where ?? firstMeaning);
  const failure = condition && failureOf(condition);
  if (!failure) return condition;
  const stays: Expression = { kind: 'literal', type: 'boolean', value: true };
  return affordable({
    kind: 'case',
    type: 'boolean',
    branches: [{ when: failure, result: stays }],
    otherwise: withoutFailure(condition),
  });
}

/** As the feed file has it. */
export function retainWhere(table: Retaining, meaning: Meaning): Expression | null {
  if (table.retain_where === undefined) return null;
  const scope = new Map(columnsOf(table).map(({ name, type }) => [name, type]));
  return checkCondition(table.retain_where, scope, meaning);
}
