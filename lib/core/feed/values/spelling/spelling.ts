import type { Value } from '../bad-value.ts';
import type { ColumnType } from '../column-type.ts';
import { type EpochOptions, type EpochSpelling, epochSpellingOf, plainEpoch } from './epoch-spelling.ts';
import { plainInterval } from './interval-spelling.ts';
import { type LocalOptions, type LocalSpelling, localSpellingOf, plainLocal } from './local-spelling.ts';
import { type MomentOptions, type MomentSpelling, momentSpellingOf, plainMoment } from './moment-spelling.ts';
import { type NumberOptions, type NumberSpelling, numberSpellingOf, plainNumber } from './number-spelling.ts';

/** Options of a column that say how its vendor spells what nightfeed's types spell in one way. */
export type SpellingOptions = NumberOptions & MomentOptions & EpochOptions & LocalOptions;

/** The same, for those who only ask which of them are there. */
export type GivenSpelling = { readonly [Name in keyof SpellingOptions]?: unknown };

/** What the options come to, worked out once. */
export type Spelling =
  | ({ readonly kind: 'number' } & NumberSpelling)
  | ({ readonly kind: 'moment' } & MomentSpelling)
  | ({ readonly kind: 'epoch' } & EpochSpelling)
  | ({ readonly kind: 'local' } & LocalSpelling)
  | { readonly kind: 'interval' };

type Spelled = SpellingOptions & { readonly type: ColumnType };

/** Whether fields of this column need no respelling. */
export function isSpelledPlainly(form: GivenSpelling & { readonly type?: ColumnType }): boolean {
  return (
    // What is written in many ways is always brought into one.
    form.type !== 'interval' &&
    form.date_format === undefined &&
    form.epoch === undefined &&
    form.timezone === undefined &&
    !isNumberSpelled(form)
  );
}

/** Whether the first versions of nightfeed would read the fields alike. */
export function isSpelledAsEver({ date_format, pivot, months, ...form }: SpellingOptions): boolean {
  const isOldFormat = date_format === undefined || firstFormats.test(date_format);
  return isOldFormat && pivot === undefined && months === undefined && isSpelledPlainly(form);
}

/** The steps that bring the vendor's spelling into the plain one, in this order. */
export function spellingsOf(form: Spelled): readonly Spelling[] {
  let known = remembered.get(form);
  if (!known) {
    known = madeSpellings(form);
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
    value = plain(spelling, value.text!);
  }
  return value;
}

const firstFormats = /^(?:YYYY|MM?|DD?)[/. -]?(?:YYYY|MM?|DD?)[/. -]?(?:YYYY|MM?|DD?)$/;

const numberNames = ['decimal', 'thousands', 'percent', 'currency', 'negative'] as const;

const isNumberSpelled = (form: GivenSpelling) => numberNames.some((name) => form[name] !== undefined);

const remembered = new WeakMap<Spelled, readonly Spelling[]>();

function madeSpellings(form: Spelled): Spelling[] {
  if (form.type === 'interval') return [{ kind: 'interval' }];
  if (isNumberSpelled(form)) return [{ kind: 'number', ...numberSpellingOf(form) }];
  if (form.epoch !== undefined) return [{ kind: 'epoch', ...epochSpellingOf(form) }];
  return [
    ...(form.date_format === undefined ? [] : [{ kind: 'moment' as const, ...momentSpellingOf(form) }]),
    ...(form.timezone === undefined ? [] : [{ kind: 'local' as const, ...localSpellingOf(form.timezone) }]),
  ];
}

function plain(spelling: Spelling, raw: string): Value {
  if (spelling.kind === 'number') return plainNumber(spelling, raw);
  if (spelling.kind === 'interval') return plainInterval(raw);
  if (spelling.kind === 'moment') return plainMoment(spelling, raw);
  return spelling.kind === 'epoch' ? plainEpoch(spelling, raw) : plainLocal(spelling, raw);
}
