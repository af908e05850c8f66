import { type Expression, type OperationName, withParts } from './expression.ts';

/**
 * The condition under which an expression fails; null when it cannot fail. The condition is never null and never fails. It is built
 * from the same tree as the value, so that engines need not agree about errors or the order of evaluation.
 *
 * An operation fails when an operand fails. `case` and `coalesce` evaluate from left to right, no further than needed. A value that
 * decides an `and` (false), an `or` (true) or an `in` (an equal value) decides it whatever the other operands are, in any order.
 *
 * `value` is the known value of the whole expression, if there is one, so that an engine need not compute it again.
 */
export function failureOf(expression: Expression, value = expression): Expression | null {
  if (value !== expression) return madeFailure(expression, value);
  return remembered(failures, expression, () => madeFailure(expression, value));
}

function madeFailure(expression: Expression, value: Expression): Expression | null {
  switch (expression.kind) {
    case 'column':
    case 'literal':
      return null;
    case 'cast':
      return any([failureOf(expression.of), ...(expression.mayFail ? [isUnfit(expression, value)] : [])]);
    case 'case':
      return failureOfCase(expression);
    case 'operation':
      return (special[expression.name] ?? failureOfAny)(expression.args);
  }
}

/** The same expression, null where it fails. */
export function withoutFailure(expression: Expression): Expression {
  return remembered(quietOnes, expression, () => {
    const quiet = withParts(expression, withoutFailure);
    return quiet.kind === 'cast' ? { ...quiet, mayFail: false } : quiet;
  });
}

// Each part is asked for several times and asks its own parts. Without a cache the work would double at every level.
const failures = new WeakMap<Expression, Expression | null>();
const quietOnes = new WeakMap<Expression, Expression>();
const decided = { true: new WeakMap<Expression, Expression>(), false: new WeakMap<Expression, Expression>() };

function remembered<T>(known: WeakMap<Expression, T>, expression: Expression, make: () => T): T {
  if (!known.has(expression)) known.set(expression, make());
  return known.get(expression)!;
}

const special: Partial<Record<OperationName, (args: readonly Expression[]) => Expression | null>> = {
  and: (args) => failureUnless(args, false),
  or: (args) => failureUnless(args, true),
  coalesce: (args) => {
    const steps = args.slice(0, -1).flatMap((arg) => [
      { when: failureOf(arg), result: yes },
      { when: not(isNull(arg)), result: no },
    ]);
    return firstOf(steps, failureOf(args.at(-1)!));
  },
  in: ([value, ...list]) => {
    const failure = failureOf(value!);
    const items = any(list.map((item) => failureOf(item)));
    if (items === null) return failure;
    const found = any(
      list.map((item) =>
        all([isWellFormed(item), orFalse(operation('=', withoutFailure(value!), withoutFailure(item)))]),
      ),
    )!;
    return any([failure, all([items, not(found)])]);
  },
};

function failureOfAny(args: readonly Expression[]): Expression | null {
  return any(args.map((arg) => failureOf(arg)));
}

/** For a conjunction or disjunction: an operand fails, and none has the deciding value. */
function failureUnless(args: readonly Expression[], deciding: boolean): Expression | null {
  const failure = any(args.map((arg) => failureOf(arg)));
  return failure && all([failure, ...args.map((arg) => not(is(deciding, arg)))]);
}

/** Whether a condition certainly has this value. */
function is(value: boolean, condition: Expression): Expression {
  return remembered(decided[`${value}`], condition, () => decisionFor(value, condition));
}

function decisionFor(value: boolean, condition: Expression): Expression {
  if (condition.kind === 'operation') {
    const parts = (of: boolean) => condition.args.map((arg) => is(of, arg));
    if (condition.name === 'not') return is(!value, condition.args[0]!);
    if (condition.name === 'and') return value ? all(parts(true))! : any(parts(false))!;
    if (condition.name === 'or') return value ? any(parts(true))! : all(parts(false))!;
  }
  const found = withoutFailure(condition);
  const isValue = value ? orFalse(found) : not(operation('coalesce', found, yes));
  return all([isWellFormed(condition), isValue])!;
}

function failureOfCase({ branches, otherwise }: Expression & { kind: 'case' }): Expression | null {
  const steps = branches.flatMap(({ when, result }) => [
    { when: failureOf(when), result: yes },
    { when: withoutFailure(when), result: failureOf(result) ?? no },
  ]);
  return firstOf(steps, failureOf(otherwise));
}

/** The result of the first true condition. Conditions of parts that cannot fail are left out. */
function firstOf(
  steps: readonly { readonly when: Expression | null; readonly result: Expression }[],
  otherwise: Expression | null,
): Expression | null {
  const known = steps.flatMap(({ when, result }) => (when === null ? [] : [{ when, result }]));
  const last = otherwise ? known.length : known.findLastIndex(({ result }) => result !== no) + 1;
  const branches = known.slice(0, last);
  if (branches.length === 0) return otherwise;
  if (otherwise === null && branches.length === 1 && branches[0]!.result === yes) return branches[0]!.when;
  return { kind: 'case', type: 'boolean', branches, otherwise: otherwise ?? no };
}

function isUnfit({ of }: Expression & { kind: 'cast' }, value: Expression): Expression {
  return all([not(isNull(of)), isNull(value)])!;
}

function isWellFormed(expression: Expression): Expression | null {
  const failure = failureOf(expression);
  return failure && not(failure);
}

const yes: Expression = { kind: 'literal', type: 'boolean', value: true };
const no: Expression = { kind: 'literal', type: 'boolean', value: false };

const isNull = (of: Expression): Expression => operation('is_null', withoutFailure(of));
const not = (of: Expression): Expression => operation('not', of);
const orFalse = (of: Expression): Expression => operation('coalesce', of, no);
const any = (conditions: readonly (Expression | null)[]) => joined('or', conditions);
const all = (conditions: readonly (Expression | null)[]) => joined('and', conditions);

function joined(name: 'and' | 'or', conditions: readonly (Expression | null)[]): Expression | null {
  const known = conditions.filter((condition) => condition !== null);
  return known.length === 0 ? null : known.reduce((left, right) => operation(name, left, right));
}

function operation(name: OperationName, ...args: readonly Expression[]): Expression {
  return { kind: 'operation', name, type: 'boolean', args };
}
