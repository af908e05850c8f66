import type { ColumnType } from '../feed/values/column-type.ts';
import type { ExpressionType, Scalar } from './type.ts';

/**
 * A checked expression: every part has a type, and every operand the type that its operation wants. If a cast `mayFail`, a
 * value that does not fit is a failure; with any other cast it is null.
 */
export type Expression = { readonly type: ExpressionType } & (
  | { readonly kind: 'column'; readonly name: string }
  | { readonly kind: 'literal'; readonly value: Scalar }
  | { readonly kind: 'cast'; readonly of: Expression; readonly type: ColumnType; readonly mayFail: boolean }
  | { readonly kind: 'case'; readonly branches: readonly ExpressionBranch[]; readonly otherwise: Expression }
  | { readonly kind: 'operation'; readonly name: OperationName; readonly args: readonly Expression[] }
);

interface ExpressionBranch {
  readonly when: Expression;
  readonly result: Expression;
}

/** The second operand of `like` and `matches` is a text constant; for `matches` it is a pattern of `pattern.ts`. */
const operationNames = [
  'and',
  'or',
  'not',
  'is_null',
  '=',
  '<>',
  '<',
  '<=',
  '>',
  '>=',
  'in',
  'like',
  'matches',
  '+',
  '-',
  '*',
  '/',
  'minus',
  'abs',
  '||',
  'coalesce',
  'lower',
  'upper',
  'trim',
  'length',
  'replace',
  'substr',
  'left',
  'right',
  'split_part',
  'year',
  'month',
  'day',
] as const;
export type OperationName = (typeof operationNames)[number];

/** Names of the columns that an expression reads. */
export function columnsIn(expression: Expression): Set<string> {
  if (expression.kind === 'column') return new Set([expression.name]);
  return new Set(partsOf(expression).flatMap((part) => [...columnsIn(part)]));
}

export function partsOf(expression: Expression): readonly Expression[] {
  if (expression.kind === 'cast') return [expression.of];
  if (expression.kind === 'operation') return expression.args;
  if (expression.kind === 'case')
    return [...expression.branches.flatMap(({ when, result }) => [when, result]), expression.otherwise];
  return [];
}

/** Replaces parts of an expression by others of the same types. */
export function withParts(expression: Expression, replaced: (part: Expression) => Expression): Expression {
  switch (expression.kind) {
    case 'column':
    case 'literal':
      return expression;
    case 'cast':
      return { ...expression, of: replaced(expression.of) };
    case 'case':
      return {
        ...expression,
        branches: expression.branches.map(({ when, result }) => ({ when: replaced(when), result: replaced(result) })),
        otherwise: replaced(expression.otherwise),
      };
    case 'operation':
      return { ...expression, args: expression.args.map(replaced) };
  }
}
