import { allowedTypes, type ColumnType, columnTypeSchema } from '../feed/column-type.ts';
import { type Expression, partsOf } from './expression.ts';
import { ExpressionFault } from './fault.ts';
import { fitted, unified } from './fit.ts';
import { operandsOf } from './operands.ts';
import { castScalar, isCastable } from './scalar.ts';
import { parseExpression, type Syntax } from './syntax.ts';

/** Types of the columns that an expression may name. */
export type Scope = ReadonlyMap<string, ColumnType>;

/** A condition over these columns. Throws ExpressionFault, as all of these do. */
export function checkCondition(text: string, scope: Scope): Expression {
  const found = affordable(check(parseExpression(text), scope));
  if (found.type !== 'boolean' && found.type !== 'null')
    throw new ExpressionFault(`a condition is true or false; this is ${found.type}`, 0);
  return fitted(found, 'boolean')!;
}

/** A value of exactly this type over these columns. */
export function checkValue(text: string, type: ColumnType, scope: Scope): Expression {
  const found = affordable(check(parseExpression(text), scope));
  const fits = fitted(found, type);
  if (!fits)
    throw new ExpressionFault(
      `the expression is ${found.type}, not ${type}; cast(… as ${type}) makes null of what does not fit`,
      0,
    );
  return fits;
}

/** What engines are given may repeat parts: reading a text as a number says its text eight times. */
const MAX_WEIGHT = 20_000;
const REPEATED_BY_CAST = 8;
const REPEATED_BY_OPERATION = 2;

export function affordable(expression: Expression): Expression {
  if (weightOf(expression) <= MAX_WEIGHT) return expression;
  throw new ExpressionFault('too much within one another: split it', 0);
}

function weightOf(expression: Expression): number {
  const parts = partsOf(expression).reduce((sum, part) => sum + weightOf(part), 1);
  const isReading = expression.kind === 'cast' && (expression.of.type === 'text' || expression.of.type === 'double');
  if (isReading) return parts * REPEATED_BY_CAST;
  const repeats =
    expression.type === 'double' || (expression.kind === 'operation' && /^(lower|upper)$/.test(expression.name));
  return repeats ? parts * REPEATED_BY_OPERATION : parts;
}

function check(syntax: Syntax, scope: Scope): Expression {
  switch (syntax.kind) {
    case 'column': {
      const type = scope.get(syntax.name);
      if (type) return { kind: 'column', name: syntax.name, type };
      throw new ExpressionFault(
        `no column ${JSON.stringify(syntax.name)}; the columns are ${[...scope.keys()].join(', ')}`,
        syntax.at,
      );
    }
    case 'text':
      return { kind: 'literal', type: 'text', value: syntax.text };
    case 'number':
      return numberLiteral(syntax.text, syntax.at);
    case 'constant':
      return { kind: 'literal', type: syntax.value === null ? 'null' : 'boolean', value: syntax.value };
    case 'cast':
      return checkCast(syntax, scope);
    case 'case':
      return checkCase(syntax, scope);
    case 'call':
      return operandsOf(
        syntax.name,
        syntax.args.map((arg) => ({ at: arg.at, expression: check(arg, scope) })),
        syntax.at,
      );
  }
}

function numberLiteral(text: string, at: number): Expression {
  if (/e/i.test(text)) {
    const value = Number(text);
    if (!Number.isFinite(value)) throw new ExpressionFault(`${text} is too large for a number`, at);
    return { kind: 'literal', type: 'double', value };
  }
  const [whole, fraction = ''] = text.replace('-', '').split('.') as [string, string?];
  const digits = whole.replace(/^0+/, '') + fraction;
  if (digits.length > 37) throw new ExpressionFault(`${digits.length} digits; at most 37 are exact`, at);
  const units = BigInt(digits || '0');
  const type = `decimal(${Math.max(digits.length, 1)},${fraction.length})` as ColumnType;
  return { kind: 'literal', type, value: text.startsWith('-') ? -units : units };
}

function checkCast({ of, type, at }: Syntax & { kind: 'cast' }, scope: Scope): Expression {
  const to = columnTypeSchema.safeParse(type);
  if (!to.success) throw new ExpressionFault(`${allowedTypes}, received ${JSON.stringify(type)}`, at);
  const inner = check(of, scope);
  if (!isCastable(inner.type, to.data)) {
    const hint = inner.type === 'double' && to.data === 'text' ? ': cast it to a decimal first' : '';
    throw new ExpressionFault(`${inner.type} cannot become ${to.data}${hint}`, at);
  }
  if (inner.kind === 'literal') {
    return { kind: 'literal', type: to.data, value: castScalar(inner.value, inner.type, to.data) };
  }
  return inner.type === to.data ? inner : { kind: 'cast', type: to.data, of: inner };
}

function checkCase({ branches, otherwise, at }: Syntax & { kind: 'case' }, scope: Scope): Expression {
  const whens = branches.map(({ when }) => {
    const condition = fitted(check(when, scope), 'boolean');
    if (!condition) throw new ExpressionFault('a condition is true or false', when.at);
    return condition;
  });
  const fallback: Expression = otherwise ? check(otherwise, scope) : { kind: 'literal', type: 'null', value: null };
  const results = [...branches.map(({ result }) => check(result, scope)), fallback];
  const same = unified(results);
  if (!same) {
    throw new ExpressionFault(`the branches are ${results.map(({ type }) => type).join(', ')}; expected one type`, at);
  }
  return {
    kind: 'case',
    type: same[0]!.type,
    branches: whens.map((when, index) => ({ when, result: same[index]! })),
    otherwise: same.at(-1)!,
  };
}
