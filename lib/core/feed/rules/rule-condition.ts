import { checkCondition, type Scope } from '../../expression/check.ts';
import type { Expression } from '../../expression/expression.ts';
import { ExpressionFault } from '../../expression/fault.ts';
import { fitted } from '../../expression/fit.ts';
import type { Meaning } from '../../expression/meaning.ts';
import { operandsOf } from '../../expression/operands.ts';
import { portablePattern } from '../../expression/pattern.ts';
import { readAs } from '../../expression/type.ts';
import type { Rule } from './rule.ts';

/** A condition that is true for a row that breaks the rule; undefined for a rule that needs all rows. Throws ExpressionFault. */
export function brokenWhen(rule: Rule, scope: Scope, meaning: Meaning): Expression | undefined {
  switch (rule.kind) {
    case 'required':
      return call('is_null', columnOf(rule, scope));
    case 'min':
      return call('<', columnOf(rule, scope), literalOf(rule, scope, rule.value[0]!));
    case 'max':
      return call('>', columnOf(rule, scope), literalOf(rule, scope, rule.value[0]!));
    case 'in':
      return call('not', call('in', columnOf(rule, scope), ...rule.value.map((text) => literalOf(rule, scope, text))));
    case 'pattern':
      return call('not', fits(columnOf(rule, scope), rule.value[0]!, meaning));
    case 'check':
      return call('not', checkCondition(rule.value[0]!, scope, meaning));
    case 'unique':
    case 'references':
      return undefined;
  }
}

function columnOf({ column }: Rule, scope: Scope): Expression {
  return { kind: 'column', name: column!, type: readAs(scope.get(column!)!) };
}

function literalOf({ column }: Rule, scope: Scope, text: string): Expression {
  const type = readAs(scope.get(column!)!);
  const value = fitted({ kind: 'literal', type: 'text', value: text }, type);
  if (value) return value;
  throw new ExpressionFault(`${JSON.stringify(text)} is not a valid ${type}`, 0);
}

function fits(column: Expression, pattern: string, meaning: Meaning): Expression {
  if (column.type !== 'text') throw new ExpressionFault(`a pattern is for text, not for ${column.type}`, 0);
  const literal: Expression = { kind: 'literal', type: 'text', value: portablePattern(pattern, meaning) };
  return { kind: 'operation', name: 'matches', type: 'boolean', args: [column, literal] };
}

function call(name: string, ...args: Expression[]): Expression {
  return operandsOf(
    name,
    args.map((expression) => ({ at: 0, expression })),
    0,
  );
}
