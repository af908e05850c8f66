import { affordable, checkCondition, checkValue, type Scope, weightOf } from '../expression/check.ts';
import { columnsIn, type Expression, withParts } from '../expression/expression.ts';
import { failureOf, withoutFailure } from '../expression/failure.ts';
import { firstMeaning, type Meaning } from '../expression/meaning.ts';
import type { ReadingSpec } from './reading-spec.ts';
import { brokenWhen } from './rules/rule-condition.ts';

/** The compiled derived columns, filters and rules of a reading spec. */
export interface Shaping {
  /** Derived columns by name; their expressions name only columns of the file, the conditions of their failure also the column itself. */
  readonly derived: ReadonlyMap<string, Shaped>;
  /** A row for which one of these is true is left out; none is ever null. */
  readonly filters: readonly Shaped[];
  /** Conditions of the rules that one row alone can break, by their index among all rules. True for a row that breaks it, never null. */
  readonly broken: ReadonlyMap<number, Computed>;
}

/** A value, and a condition that is true when the value cannot be computed. The condition is never null. */
export interface Computed {
  readonly expression: Expression;
  /** null where it cannot fail. */
  readonly failure: Expression | null;
}

export interface Shaped extends Computed {
  /** Columns of the file that it depends on. When one of them cannot be read, this one cannot either. */
  readonly reads: ReadonlySet<string>;
  /** Derived columns that it depends on. When one of them fails, this one fails too, and the reject names that column. */
  readonly through: ReadonlySet<string>;
}

export type ShapingParts = Pick<ReadingSpec, 'columns' | 'drop_row_when' | 'where' | 'rules' | 'meaning'>;

/** Throws ExpressionFault, but the feed file's schema has found every fault before. */
export function shapingOf(reading: ShapingParts): Shaping {
  const derived = derivedOf(reading);
  const scope = scopeOf(reading);
  const { meaning = firstMeaning } = reading;
  const condition = (text: string) => isTrue(checkCondition(text, scope, meaning));
  const shaped = (expression: Expression): Shaped => ({ ...computed(expression), ...sourcesOf(expression, derived) });
  const drops = (reading.drop_row_when ?? []).map((text) => shaped(condition(text)));
  const keeps = reading.where === undefined ? [] : [shaped(not(condition(reading.where)))];
  const broken = (reading.rules ?? []).flatMap((rule, index) => {
    const isBroken = brokenWhen(rule, scope, meaning);
    return isBroken ? [[index, computed(isTrue(isBroken))] as const] : [];
  });
  return { derived, filters: [...drops, ...keeps], broken: new Map(broken) };
}

/** Names of the filters, in their order. */
export function filterNames({ drop_row_when = [], where }: Pick<ReadingSpec, 'drop_row_when' | 'where'>): string[] {
  return [...drop_row_when.map(() => 'drop_row_when'), ...(where === undefined ? [] : ['where'])];
}

/** All columns by name. */
export function scopeOf({ columns }: Pick<ReadingSpec, 'columns'>): Scope {
  return new Map(columns.map(({ name, type }) => [name, type]));
}

/** A derived column may name others, in any order. */
export class Derivation {
  readonly #columns: ReadingSpec['columns'];
  readonly #meaning: Meaning;
  readonly #scope: Scope;
  readonly #found = new Map<string, Shaped>();
  readonly #path: string[] = [];

  constructor(reading: Pick<ReadingSpec, 'columns' | 'meaning'>) {
    this.#columns = reading.columns;
    this.#meaning = reading.meaning ?? firstMeaning;
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
    const own = checkValue(column.as, column.type, this.#scope, this.#meaning);
    const others = [...columnsIn(own)].filter((other) => this.of(other));
    // An expression that would become too large is not built at all.
    const weights = new Map(others.map((other) => [other, weightOf(this.of(other)!.expression)]));
    const expression = inlined(affordable(own, weights), (other) => this.of(other)?.expression);
    this.#path.pop();
    const through = new Set(others.flatMap((other) => [other, ...this.of(other)!.through]));
    const made: Expression = { kind: 'column', name, type: column.type };
    const shaped = { ...computed(expression, made), reads: columnsIn(expression), through };
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

function sourcesOf(expression: Expression, derived: Shaping['derived']): Pick<Shaped, 'reads' | 'through'> {
  const names = [...columnsIn(expression)];
  return {
    reads: new Set(names.flatMap((name) => [...(derived.get(name)?.reads ?? [name])])),
    through: new Set(names.flatMap((name) => (derived.has(name) ? [name, ...derived.get(name)!.through] : []))),
  };
}

/** Throws ExpressionFault where it would cost too much to tell when it fails. */
export function computed(expression: Expression, value = expression): Computed {
  const failure = failureOf(expression, value);
  return { expression, failure: failure && affordable(failure) };
}

/** The expression that is put in brings its own condition of failure. */
function inlined(expression: Expression, replacementOf: (name: string) => Expression | undefined): Expression {
  if (expression.kind !== 'column') return withParts(expression, (part) => inlined(part, replacementOf));
  const replacement = replacementOf(expression.name);
  return replacement ? withoutFailure(replacement) : expression;
}

const never: Expression = { kind: 'literal', type: 'boolean', value: false };
const isTrue = (of: Expression): Expression => operation('coalesce', of, never);
const not = (of: Expression): Expression => operation('not', of);

function operation(name: 'coalesce' | 'not', ...args: Expression[]): Expression {
  return { kind: 'operation', name, type: 'boolean', args };
}
