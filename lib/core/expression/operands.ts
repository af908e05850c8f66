import type { ColumnType } from '../feed/values/column-type.ts';
import { traitsOf } from '../feed/values/type-traits.ts';
import type { Expression, OperationName } from './expression.ts';
import { ExpressionFault } from './fault.ts';
import { fitted } from './fit.ts';
import { type Operand, Operands } from './operand-list.ts';
import { decimalType, digitsOf, MAX_DIGITS } from './type.ts';

/** Makes an operation and casts its operands to the types that it wants. Throws ExpressionFault. */
export function operandsOf(name: string, operands: readonly Operand[], at: number): Expression {
  const build = Object.hasOwn(builders, name) ? builders[name as keyof typeof builders] : undefined;
  if (!build) throw new ExpressionFault(`no function ${name}; there are ${functionNames.join(', ')} and cast`, at);
  return build(new Operands(name, operands, at));
}

const operation = (name: OperationName, type: Expression['type'], args: readonly Expression[]): Expression => ({
  kind: 'operation',
  name,
  type,
  args,
});

const builders = {
  and: logical('and'),
  or: logical('or'),
  not: (of: Operands) => operation('not', 'boolean', [of.as('boolean', 0)]),
  is_null: (of: Operands) => operation('is_null', 'boolean', of.expressions),
  '=': comparison('=', true),
  '<>': comparison('<>', true),
  '<': comparison('<'),
  '<=': comparison('<='),
  '>': comparison('>'),
  '>=': comparison('>='),
  in: comparison('in', true),
  like: (of: Operands) => operation('like', 'boolean', [of.as('text', 0), of.text(1, true)]),
  '+': sum('+'),
  '-': sum('-'),
  '*': product,
  '/': (of: Operands) => operation('/', 'double', [double(of.number(0)), double(of.number(1))]),
  minus: (of: Operands) => signed('minus', of),
  abs: (of: Operands) => signed('abs', of),
  round,
  '||': joined,
  concat: joined,
  coalesce: (of: Operands) => {
    of.count(1, Infinity);
    const args = of.same();
    return operation('coalesce', args[0]!.type, args);
  },
  lower: ofText('lower'),
  upper: ofText('upper'),
  trim: ofText('trim'),
  length: ofText('length', 'integer'),
  replace: (of: Operands) => {
    of.count(3);
    return operation('replace', 'text', [of.as('text', 0), of.text(1), of.text(2, true)]);
  },
  substr: (of: Operands) => {
    of.count(2, 3);
    const length = of.expressions.length === 3 ? [of.whole(2, 0)] : [];
    return operation('substr', 'text', [of.as('text', 0), of.whole(1, 1), ...length]);
  },
  left: side('left'),
  right: side('right'),
  split_part: (of: Operands) => {
    of.count(3);
    return operation('split_part', 'text', [of.as('text', 0), of.text(1), of.whole(2, 1)]);
  },
  year: ofDay('year'),
  month: ofDay('month'),
  day: ofDay('day'),
};

const functionNames = Object.keys(builders).filter((name) => /^[a-z_]+$/.test(name) && !isOperator(name));

function isOperator(name: string): boolean {
  return ['and', 'or', 'not', 'is_null', 'in', 'like', 'minus'].includes(name);
}

function logical(name: 'and' | 'or') {
  return (of: Operands) => operation(name, 'boolean', [of.as('boolean', 0), of.as('boolean', 1)]);
}

function comparison(name: OperationName, isEquality = false) {
  return (of: Operands) => {
    const args = of.same();
    const { type } = args[0]!;
    const comparable = type === 'null' ? 'order' : traitsOf(type).comparable;
    if (comparable === 'no' || (!isEquality && comparable === 'equality'))
      throw of.fault(`${type} values cannot be compared with ${name}`);
    return operation(name, 'boolean', args);
  };
}

function sum(name: '+' | '-') {
  return (of: Operands) => {
    const [left, right] = [of.number(0), of.number(1)];
    const [a, b] = [digitsOf(left.type), digitsOf(right.type)];
    if (!a || !b) return operation(name, 'double', [double(left), double(right)]);
    const scale = Math.max(a.scale, b.scale);
    const precision = Math.max(a.precision - a.scale, b.precision - b.scale) + 1 + scale;
    if (precision > MAX_DIGITS) throw tooLong(of, precision);
    const type = decimalType({ precision, scale });
    return operation(name, type, [fitted(left, type)!, fitted(right, type)!]);
  };
}

function product(of: Operands): Expression {
  const [left, right] = [of.number(0), of.number(1)];
  const [a, b] = [digitsOf(left.type), digitsOf(right.type)];
  if (!a || !b) return operation('*', 'double', [double(left), double(right)]);
  const digits = { precision: a.precision + b.precision, scale: a.scale + b.scale };
  if (digits.precision > MAX_DIGITS) throw tooLong(of, digits.precision);
  return operation('*', decimalType(digits), [fitted(left, decimalType(a))!, fitted(right, decimalType(b))!]);
}

function tooLong(of: Operands, digits: number): ExpressionFault {
  return of.fault(
    `${of.name} may have ${digits} digits here; at most ${MAX_DIGITS} are exact: cast a value to a shorter decimal or to double`,
  );
}

function double(expression: Expression): Expression {
  return fitted(expression, 'double')!;
}

function signed(name: 'minus' | 'abs', of: Operands): Expression {
  of.count(1);
  const value = of.number(0);
  // The smallest integer has no positive counterpart.
  const digits = digitsOf(value.type);
  const type = digits ? decimalType(digits) : value.type;
  return operation(name, type, [fitted(value, type)!]);
}

/** Rounding is a cast to fewer digits. */
function round(of: Operands): Expression {
  of.count(1, 2);
  const value = of.number(0);
  const digits = digitsOf(value.type);
  if (!digits) throw of.fault('round takes exact numbers; cast the double to a decimal, which rounds');
  const places = of.expressions.length === 2 ? (of.whole(1, 0) as Expression & { kind: 'literal' }).value : 0n;
  const scale = Math.min(Number(places), digits.scale);
  if (scale === digits.scale) return value;
  return {
    kind: 'cast',
    type: decimalType({ precision: digits.precision - digits.scale + scale + 1, scale }),
    of: value,
    mayFail: false,
  };
}

function joined(of: Operands): Expression {
  of.count(2, Infinity);
  return operation(
    '||',
    'text',
    of.expressions.map((_value, index) => of.as('text', index)),
  );
}

function ofText(name: OperationName, type: ColumnType = 'text') {
  return (of: Operands) => {
    of.count(1);
    return operation(name, type, [of.as('text', 0)]);
  };
}

function side(name: 'left' | 'right') {
  return (of: Operands) => {
    of.count(2);
    return operation(name, 'text', [of.as('text', 0), of.whole(1, 0)]);
  };
}

function ofDay(name: 'year' | 'month' | 'day') {
  return (of: Operands) => {
    of.count(1);
    const [value] = of.expressions;
    if (value!.type !== 'date' && value!.type !== 'timestamp' && value!.type !== 'timestamptz')
      throw of.fault(`${name} takes a date or a timestamp, not ${value!.type}`);
    return operation(name, 'integer', [value!]);
  };
}
