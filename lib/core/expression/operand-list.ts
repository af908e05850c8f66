import type { ColumnType } from '../feed/values/column-type.ts';
import type { Expression } from './expression.ts';
import { ExpressionFault } from './fault.ts';
import { fitted, unified } from './fit.ts';
import { digitsOf, isNumber } from './type.ts';

/** An operand with its place in the text. */
export interface Operand {
  readonly at: number;
  readonly expression: Expression;
}

/** The operands of an operation, with the complaints about them. */
export class Operands {
  readonly name: string;
  readonly #all: readonly Operand[];
  readonly #at: number;

  constructor(name: string, all: readonly Operand[], at: number) {
    this.name = name;
    this.#all = all;
    this.#at = at;
  }

  get expressions(): Expression[] {
    return this.#all.map(({ expression }) => expression);
  }

  count(least: number, most = least): void {
    const { length } = this.#all;
    if (length >= least && length <= most) return;
    const range = least === most ? least : most === Infinity ? `at least ${least}` : `${least} or ${most}`;
    throw new ExpressionFault(`${this.name} takes ${range} values, not ${length}`, this.#at);
  }

  as(type: ColumnType, index: number): Expression {
    const { at, expression } = this.#all[index]!;
    const found = fitted(expression, type);
    if (found) return found;
    throw new ExpressionFault(`${this.name} takes ${type} here, not ${expression.type}`, at);
  }

  /** A text constant. */
  text(index: number, isEmptyAllowed = false): Expression {
    const { at, expression } = this.#all[index]!;
    const isText = expression.kind === 'literal' && expression.type === 'text';
    if (isText && (isEmptyAllowed || expression.value !== '')) return expression;
    throw new ExpressionFault(
      `${this.name} takes a text that is written out here${isEmptyAllowed ? '' : ', not an empty one'}`,
      at,
    );
  }

  /** A whole number as a constant. */
  whole(index: number, least: number): Expression {
    const { at, expression } = this.#all[index]!;
    const { kind, type } = expression;
    const value = kind === 'literal' && digitsOf(type)?.scale === 0 ? (expression.value as bigint) : -1n;
    if (value >= BigInt(least) && value <= 1_000_000n) return { kind: 'literal', type: 'integer', value };
    throw new ExpressionFault(`${this.name} takes a whole number from ${least} here, written out`, at);
  }

  number(index: number): Expression {
    const { at, expression } = this.#all[index]!;
    if (isNumber(expression.type)) return expression;
    throw new ExpressionFault(`${this.name} takes a number here, not ${expression.type}`, at);
  }

  same(): readonly Expression[] {
    const found = unified(this.expressions);
    if (found) return found;
    const types = this.expressions.map(({ type }) => type).join(' and ');
    throw new ExpressionFault(`${this.name} takes values of one type, not ${types}`, this.#at);
  }

  fault(message: string): ExpressionFault {
    return new ExpressionFault(message, this.#at);
  }
}
