import { type ColumnType, columnTypeSchema, typeComplaint } from '../feed/values/column-type.ts';
import { traitsOf } from '../feed/values/type-traits.ts';
import { type Expression, partsOf } from './expression.ts';
import { ExpressionFault } from './fault.ts';
import { alwaysFits, fitted, unified } from './fit.ts';
import { castsFail, type Meaning } from './meaning.ts';
import { operandsOf } from './operands.ts';
import { castScalar, isCastable } from './scalar.ts';
import { parseExpression, type Syntax } from './syntax.ts';
import { readAs } from './type.ts';

/** Types of the columns that an expression may name. */
export type Scope = ReadonlyMap<string, ColumnType>;

/** What an expression is checked against. */
interface Setting {
  readonly scope: Scope;
  readonly meaning: Meaning;
  /** Number of parts that may still be checked. */
  left: number;
}

/** A condition over these columns. Throws ExpressionFault, as all of these do. */
export function checkCondition(text: string, scope: Scope, meaning: Meaning): Expression {
  const found = affordable(check(parseExpression(text), { scope, meaning, left: MAX_PARTS }));
  if (found.type !== 'boolean' && found.type !== 'null')
    throw new ExpressionFault(`a condition is true or false; this is ${found.type}`, 0);
  return fitted(found, 'boolean')!;
}

/** A value of exactly this type over these columns. */
export function checkValue(text: string, type: ColumnType, scope: Scope, meaning: Meaning): Expression {
  if (traitsOf(type).isOnlyRead)
    throw new ExpressionFault(`no expression makes ${type}; declare text, or take the value from the file`, 0);
  const found = affordable(check(parseExpression(text), { scope, meaning, left: MAX_PARTS }));
  const fits = fitted(found, type);
  if (!fits)
    throw new ExpressionFault(
      `the expression is ${found.type}, not ${type}; cast(… as ${type}) rejects what does not fit, try_cast(… as ${type}) makes null of it`,
      0,
    );
  return fits;
}

/** SQL may repeat parts of an expression: reading a text as a number repeats the text eight times. */
const MAX_WEIGHT = 20_000;
/** `between` and the subject of a `case` are copied, and copies of copies grow without end, so parts are counted. */
const MAX_PARTS = 5 * MAX_WEIGHT;
const REPEATED_BY_CAST = 8;
const REPEATED_BY_OPERATION = 2;

/** `weights` has the sizes of the expressions that will replace columns. Throws ExpressionFault. */
export function affordable(expression: Expression, weights: ReadonlyMap<string, number> = new Map()): Expression {
  if (weightOf(expression, weights) <= MAX_WEIGHT) return expression;
  throw tooMuch();
}

function tooMuch(): ExpressionFault {
  return new ExpressionFault('too much within one another: split it', 0);
}

export function weightOf(expression: Expression, weights: ReadonlyMap<string, number> = new Map()): number {
  // A condition of failure has the same part in many places, which is counted once.
  const known = new Map<Expression, number>();
  const weigh = (part: Expression): number => {
    const weight = known.get(part) ?? ownWeight(part, weights, weigh);
    known.set(part, weight);
    return weight;
  };
  return weigh(expression);
}

function ownWeight(
  expression: Expression,
  weights: ReadonlyMap<string, number>,
  weigh: (part: Expression) => number,
): number {
  const replaced = expression.kind === 'column' ? weights.get(expression.name) : undefined;
  if (replaced !== undefined) return replaced;
  const parts = partsOf(expression).reduce((sum, part) => sum + weigh(part), 1);
  const isReading = expression.kind === 'cast' && ['text', 'double'].includes(expression.of.type);
  if (isReading) return parts * REPEATED_BY_CAST;
  const repeats =
    expression.type === 'double' || (expression.kind === 'operation' && /^(lower|upper)$/.test(expression.name));
  return repeats ? parts * REPEATED_BY_OPERATION : parts;
}

function check(syntax: Syntax, setting: Setting): Expression {
  setting.left -= 1;
  if (setting.left < 0) throw tooMuch();
  switch (syntax.kind) {
    case 'column': {
      const { scope } = setting;
      const type = scope.get(syntax.name);
      if (type) return { kind: 'column', name: syntax.name, type: readAs(type) };
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
      return checkCast(syntax, setting);
    case 'case':
      return checkCase(syntax, setting);
    case 'call':
      return operandsOf(
        syntax.name,
        syntax.args.map((arg) => ({ at: arg.at, expression: check(arg, setting) })),
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

function checkCast({ of, type, at, isTried }: Syntax & { kind: 'cast' }, setting: Setting): Expression {
  const to = columnTypeSchema.safeParse(type);
  if (!to.success) throw new ExpressionFault(`${typeComplaint(type)}, received ${JSON.stringify(type)}`, at);
  const inner = check(of, setting);
  if (!isCastable(inner.type, to.data)) {
    const hint = /^(real|double)$/.test(inner.type)
      ? `: cast it to ${inner.type === 'real' ? 'double' : 'a decimal'} first`
      : '';
    throw new ExpressionFault(`${inner.type} cannot become ${to.data}${hint}`, at);
  }
  const isStrict = !isTried && castsFail(setting.meaning);
  if (inner.kind === 'literal') {
    const value = castScalar(inner.value, inner.type, to.data);
    if (isStrict && value === null && inner.value !== null)
      throw new ExpressionFault(`this is not a valid ${to.data}; try_cast(… as ${to.data}) makes it null`, at);
    return { kind: 'literal', type: to.data, value };
  }
  if (inner.type === to.data) return inner;
  return { kind: 'cast', type: to.data, of: inner, mayFail: isStrict && !alwaysFits(inner.type, to.data) };
}

function checkCase({ branches, otherwise, at }: Syntax & { kind: 'case' }, setting: Setting): Expression {
  const whens = branches.map(({ when }) => {
    const condition = fitted(check(when, setting), 'boolean');
    if (!condition) throw new ExpressionFault('a condition is true or false', when.at);
    return condition;
  });
  const fallback: Expression = otherwise ? check(otherwise, setting) : { kind: 'literal', type: 'null', value: null };
  const results = [...branches.map(({ result }) => check(result, setting)), fallback];
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
