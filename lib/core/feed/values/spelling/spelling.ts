import type { Value } from '../bad-value.ts';
import type { ColumnType } from '../column-type.ts';
import { type NumberOptions, type NumberSpelling, numberSpellingOf, plainNumber } from './number-spelling.ts';

/** Options of a column that say how its vendor spells what nightfeed's types spell in one way. */
export type SpellingOptions = NumberOptions;

/** The options that make a spelling. What only accompanies these is not named. */
const spellingNames = ['decimal', 'thousands', 'percent', 'currency', 'negative'] as const;

/** What the options come to, worked out once. */
export type Spelling = { readonly kind: 'number' } & NumberSpelling;

type Spelled = SpellingOptions & { readonly type: ColumnType };

/** Whether fields of this column need no respelling. */
export function isSpelledPlainly(form: SpellingOptions): boolean {
  return spellingNames.every((name) => form[name] === undefined);
}

/** The steps that bring the vendor's spelling into the plain one, in this order. */
export function spellingsOf(form: Spelled): readonly Spelling[] {
  let known = remembered.get(form);
  if (!known) {
    known = isSpelledPlainly(form) ? [] : [{ kind: 'number', ...numberSpellingOf(form) }];
    remembered.set(form, known);
  }
  return known;
}

/**
 * A field's text in the plain spelling, which its type reads, or the reason why the vendor cannot have meant a value with it.
 * `core/sql/dialects/spelling` says the same as SQL.
 */
export function respelled(form: Spelled, raw: string): Value {
  let value: Value = { text: raw };
  for (const spelling of spellingsOf(form)) {
    if (value.code) return value;
    value = plainNumber(spelling, value.text!);
  }
  return value;
}

const remembered = new WeakMap<Spelled, readonly Spelling[]>();
