import type { Expression, OperationName } from './expression.ts';
import { lowerCase, upperCase } from './letter-case.ts';
import { isLike } from './like.ts';
import { castScalar } from './scalar.ts';
import type { Scalar } from './type.ts';

/** Result of an expression whose cast fails, when nothing else decides the result. */
export const failed = Symbol('failed');

type Found = Scalar | typeof failed;

/**
 * What an expression means, in plain code. `core/sql/dialects/expression-sql.ts` says the same as SQL, failures with the help of
 * `failure.ts`, and property tests compare both. Anything else without a value is null.
 */
export function evaluate(expression: Expression, columnOf: (name: string) => Scalar): Found {
  const value = (of: Expression) => evaluate(of, columnOf);
  switch (expression.kind) {
    case 'column':
      return columnOf(expression.name);
    case 'literal':
      return expression.value;
    case 'cast':
      return cast(expression, value(expression.of));
    case 'case': {
      const branch = branchOf(expression.branches, value);
      return branch === failed ? failed : value(branch?.result ?? expression.otherwise);
    }
    case 'operation': {
      const { name } = expression;
      if (name === 'coalesce') return expression.args.map(value).find((found) => found !== null) ?? null;
      const args = expression.args.map(value);
      const decided = deciding[name]?.(args);
      if (decided !== undefined) return decided;
      if (args.includes(failed)) return failed;
      if (name === 'is_null') return args[0] === null;
      return args.includes(null) ? null : strict[name as StrictName](args as never);
    }
  }
}

function cast({ of, type, mayFail }: Expression & { kind: 'cast' }, value: Found): Found {
  if (value === failed) return failed;
  const found = castScalar(value, of.type, type);
  return mayFail && found === null && value !== null ? failed : found;
}

/** The first branch whose condition is true, unless an earlier condition fails. */
function branchOf(branches: (Expression & { kind: 'case' })['branches'], value: (of: Expression) => Found) {
  for (const branch of branches) {
    const found = value(branch.when);
    if (found === failed) return failed;
    if (found === true) return branch;
  }
  return undefined;
}

/** Characters that `trim` removes: ASCII white space and the no-break space. */
export const blanks = ' \t\n\u000b\f\r\u00a0';

/** Operations that one operand can decide even if others are null or fail; undefined when none decides. */
const deciding: Partial<Record<OperationName, (args: readonly Found[]) => Found | undefined>> = {
  and: (args) => (args.includes(false) ? false : args.some(isUndecided) ? undefined : true),
  or: (args) => (args.includes(true) ? true : args.some(isUndecided) ? undefined : false),
  in: ([value, ...list]) =>
    isUndecided(value!) ? undefined : list.includes(value!) ? true : list.some(isUndecided) ? undefined : false,
};

const isUndecided = (value: Found) => value === null || value === failed;

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
  like: ([text, pattern]: [string, string]) => isLike(text, pattern),
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

/** Compares texts by their bytes, as the engines do. Canonical dates and times sort correctly as texts. */
function order(a: Scalar, b: Scalar): number {
  if (typeof a === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b as string));
  return a! < b! ? -1 : a! > b! ? 1 : 0;
}

function finite(value: bigint | number): Scalar {
  return typeof value === 'number' && !Number.isFinite(value) ? null : value;
}
