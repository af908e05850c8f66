import { affordable, checkCondition, checkValue, type Scope } from '../expression/check.ts';
import { columnsIn, type Expression } from '../expression/expression.ts';
import type { ReadingSpec } from './reading-spec.ts';
import { brokenWhen } from './rule-condition.ts';

/** What a reading spec makes of the columns that it reads, compiled. */
export interface Shaping {
  /** Derived columns by name; their expressions name only columns of the file. */
  readonly derived: ReadonlyMap<string, Shaped>;
  /** A row for which one of these is true is left out; none is ever null. */
  readonly filters: readonly Shaped[];
  /** Of the rules those that a row answers for itself, by their place among all: true of a row that breaks it, never null. */
  readonly broken: ReadonlyMap<number, Expression>;
}

export interface Shaped {
  readonly expression: Expression;
  /** Columns of the file that decide about it. Where one of them cannot be read, nor can this. */
  readonly reads: ReadonlySet<string>;
}

export type ShapingParts = Pick<ReadingSpec, 'columns' | 'drop_row_when' | 'where' | 'rules'>;

/** Throws ExpressionFault; the feed file's schema has found every fault before. */
export function shapingOf(reading: ShapingParts): Shaping {
  const derived = derivedOf(reading);
  const scope = scopeOf(reading);
  const shaped = (expression: Expression): Shaped => ({ expression, reads: readsOf(expression, derived) });
  const drops = (reading.drop_row_when ?? []).map((text) => shaped(isTrue(checkCondition(text, scope))));
  const keeps = reading.where === undefined ? [] : [shaped(not(isTrue(checkCondition(reading.where, scope))))];
  const broken = (reading.rules ?? []).flatMap((rule, index) => {
    const condition = brokenWhen(rule, scope);
    return condition ? [[index, isTrue(condition)] as const] : [];
  });
  return { derived, filters: [...drops, ...keeps], broken: new Map(broken) };
}

/** All columns by name. */
export function scopeOf({ columns }: Pick<ReadingSpec, 'columns'>): Scope {
  return new Map(columns.map(({ name, type }) => [name, type]));
}

/** A derived column may name others, in any order. */
export class Derivation {
  readonly #columns: ReadingSpec['columns'];
  readonly #scope: Scope;
  readonly #found = new Map<string, Shaped>();
  readonly #path: string[] = [];

  constructor(reading: Pick<ReadingSpec, 'columns'>) {
    this.#columns = reading.columns;
    this.#scope = scopeOf(reading);
  }

  /** Throws ExpressionFault, CircularColumns. */
  of(name: string): Shaped | undefined {
    const column = this.#columns.find((candidate) => candidate.name === name);
    if (column?.as === undefined) return undefined;
    const known = this.#found.get(name);
    if (known) return known;
    if (this.#path.includes(name)) throw new CircularColumns([...this.#path, name]);
    this.#path.push(name);
    const own = checkValue(column.as, column.type, this.#scope);
    const expression = affordable(inlined(own, (other) => this.of(other)?.expression));
    this.#path.pop();
    const shaped = { expression, reads: columnsIn(expression) };
    this.#found.set(name, shaped);
    return shaped;
  }
}

export class CircularColumns extends Error {
  constructor(path: readonly string[]) {
    super(`columns are made of one another: ${path.join(' of ')}`);
  }
}

function derivedOf(reading: ShapingParts): Map<string, Shaped> {
  const derivation = new Derivation(reading);
  const derived = reading.columns.filter(({ as }) => as !== undefined);
  return new Map(derived.map(({ name }) => [name, derivation.of(name)!]));
}

function readsOf(expression: Expression, derived: ReadonlyMap<string, Shaped>): Set<string> {
  return new Set([...columnsIn(expression)].flatMap((name) => [...(derived.get(name)?.reads ?? [name])]));
}

function inlined(expression: Expression, replacementOf: (name: string) => Expression | undefined): Expression {
  const inner = (part: Expression) => inlined(part, replacementOf);
  switch (expression.kind) {
    case 'literal':
      return expression;
    case 'column':
      return replacementOf(expression.name) ?? expression;
    case 'cast':
      return { ...expression, of: inner(expression.of) };
    case 'case':
      return {
        ...expression,
        branches: expression.branches.map(({ when, result }) => ({ when: inner(when), result: inner(result) })),
        otherwise: inner(expression.otherwise),
      };
    case 'operation':
      return { ...expression, args: expression.args.map(inner) };
  }
}

const never: Expression = { kind: 'literal', type: 'boolean', value: false };
const isTrue = (of: Expression): Expression => operation('coalesce', of, never);
const not = (of: Expression): Expression => operation('not', of);

function operation(name: 'coalesce' | 'not', ...args: Expression[]): Expression {
  return { kind: 'operation', name, type: 'boolean', args };
}
