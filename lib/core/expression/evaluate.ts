import type { Expression, OperationName } from './expression.ts';
import { lowerCase, upperCase } from './letter-case.ts';
import { castScalar } from './scalar.ts';
import type { Scalar } from './type.ts';

/**
 * What an expression means, in plain code; `core/sql/expression-sql.ts` says the same as SQL, and a property test holds the
 * two together. Nothing fails: what has no value is null.
 */
export function evaluate(expression: Expression, columnOf: (name: string) => Scalar): Scalar {
  const value = (of: Expression) => evaluate(of, columnOf);
  switch (expression.kind) {
    case 'column':
      return columnOf(expression.name);
    case 'literal':
      return expression.value;
    case 'cast':
      return castScalar(value(expression.of), expression.of.type, expression.type);
    case 'case': {
      const branch = expression.branches.find(({ when }) => value(when) === true);
      return value(branch ? branch.result : expression.otherwise);
    }
    case 'operation': {
      const args = expression.args.map(value);
      const special = nullable[expression.name];
      if (special) return special(args);
      return args.includes(null) ? null : strict[expression.name as StrictName](args as never);
    }
  }
}

/** Characters that `trim` takes away: blanks of ASCII and the no-break space. */
export const blanks = ' \t\n\u000b\f\r\u00a0';

/** Operations that can make something of null. */
const nullable: Partial<Record<OperationName, (args: readonly Scalar[]) => Scalar>> = {
  and: (args) => (args.includes(false) ? false : args.includes(null) ? null : true),
  or: (args) => (args.includes(true) ? true : args.includes(null) ? null : false),
  is_null: ([value]) => value === null,
  coalesce: (args) => args.find((value) => value !== null) ?? null,
  in: ([value, ...list]) => (value === null ? null : list.includes(value!) ? true : list.includes(null) ? null : false),
};

type Text = [string];
type Pair = [bigint | number, bigint | number];
type StrictName = keyof typeof strict;

const strict = {
  not: ([value]: [boolean]) => !value,
  '=': ([a, b]: [Scalar, Scalar]) => order(a, b) === 0,
  '<>': ([a, b]: [Scalar, Scalar]) => order(a, b) !== 0,
  '<': ([a, b]: [Scalar, Scalar]) => order(a, b) < 0,
  '<=': ([a, b]: [Scalar, Scalar]) => order(a, b) <= 0,
  '>': ([a, b]: [Scalar, Scalar]) => order(a, b) > 0,
  '>=': ([a, b]: [Scalar, Scalar]) => order(a, b) >= 0,
  matches: ([text, pattern]: [string, string]) => new RegExp(`^(?:${pattern})$`, 'u').test(text),
  '+': ([a, b]: Pair) => finite((a as bigint) + (b as bigint)),
  '-': ([a, b]: Pair) => finite((a as bigint) - (b as bigint)),
  '*': ([a, b]: Pair) => finite((a as bigint) * (b as bigint)),
  '/': ([a, b]: [number, number]) => (b === 0 ? null : finite(a / b)),
  minus: ([a]: [bigint | number]) => -a,
  abs: ([a]: [bigint | number]) => (a < 0 ? -a : a),
  '||': (texts: string[]) => texts.join(''),
  lower: ([text]: Text) => lowerCase(text),
  upper: ([text]: Text) => upperCase(text),
  trim: ([text]: Text) => trimmed(text),
  length: ([text]: Text) => BigInt([...text].length),
  replace: ([text, from, to]: [string, string, string]) => text.replaceAll(from, () => to),
  substr: ([text, start, length]: [string, bigint, bigint?]) =>
    [...text].slice(Number(start) - 1, length === undefined ? undefined : Number(start + length) - 1).join(''),
  left: ([text, length]: [string, bigint]) => [...text].slice(0, Number(length)).join(''),
  right: ([text, length]: [string, bigint]) => (length === 0n ? '' : [...text].slice(-Number(length)).join('')),
  split_part: ([text, by, nth]: [string, string, bigint]) => text.split(by)[Number(nth) - 1] ?? '',
  year: ([day]: Text) => BigInt(day.slice(0, 4)),
  month: ([day]: Text) => BigInt(day.slice(5, 7)),
  day: ([day]: Text) => BigInt(day.slice(8, 10)),
};

export function trimmed(text: string): string {
  let [from, to] = [0, text.length];
  while (from < to && blanks.includes(text[from]!)) from += 1;
  while (to > from && blanks.includes(text[to - 1]!)) to -= 1;
  return text.slice(from, to);
}

/** Texts by their bytes, as the engines do; canonical dates and times are in order as texts. */
function order(a: Scalar, b: Scalar): number {
  if (typeof a === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b as string));
  return a! < b! ? -1 : a! > b! ? 1 : 0;
}

function finite(value: bigint | number): Scalar {
  return typeof value === 'number' && !Number.isFinite(value) ? null : value;
}
