import { literal } from '../../../expression/pattern.ts';
import { badNumber, type Value } from '../bad-value.ts';
import type { ColumnType } from '../column-type.ts';
import { isWhole, traitsOf } from '../type-traits.ts';
import { patternOf } from './known-patterns.ts';

/** The feed file's options of a column explain them. */
export interface NumberOptions {
  readonly decimal?: '.' | ',' | undefined;
  readonly thousands?: string | undefined;
  readonly grouping?: 'thousands' | 'indian' | undefined;
  readonly percent?: 'number' | 'fraction' | undefined;
  readonly currency?: readonly string[] | undefined;
  readonly negative?: 'behind' | 'parentheses' | undefined;
}

export interface NumberSpelling {
  /** Fits the whole of a good text and no other. JavaScript, RE2 and Java read it alike. */
  readonly pattern: string;
  /** Finds the digits and marks within a good text; null where nothing else but a sign can stand before them. */
  readonly digits: string | null;
  /** Marks, each to become the character of `to` in its place, or nothing. */
  readonly from: string;
  readonly to: string;
  /** Whether the number is a hundredth of what is written. */
  readonly isHundredth: boolean;
}

/** Marks between groups of digits; those of a row are the same mark in different fonts. */
export const groupMarks = ['.', ',', "'\u2019", ' \u00a0\u202f', '_'] as const;

/** A good text that stands for a negative number has one of these. */
export const NEGATIVE = '[-(]';

/** Puts the point between two digits that it has to pass, which `plainNumber` puts in front. */
export const hundredth = { pattern: '^(-?[0-9]+)([0-9]{2})[.]?([0-9]*)$', by: [1, '.', 2, 3] } as const;

export function numberSpellingOf(options: NumberOptions & { readonly type: ColumnType }): NumberSpelling {
  const { decimal = '.', thousands, negative, percent } = options;
  const marks = groupMarks.find((each) => thousands !== undefined && each.includes(thousands)) ?? '';
  const units = unitsOf(options);
  const hasUnit = units.some(({ symbols }) => symbols !== '');
  const isBare = !hasUnit && negative === undefined;
  const point = `[${decimal}]`;
  const number = numberPattern(options, marks, { isBare, hasUnit });
  return {
    pattern: shapesOf(number, units, negative).join('|'),
    digits: isBare ? null : hasUnit ? DIGITS : `(?:${point}|[0-9])[\\s\\S]*(?:${point}|[0-9])|[0-9]`,
    from: decimal + marks,
    to: '.',
    isHundredth: percent === 'fraction',
  };
}

/** The plain spelling of a number, or why it has none. */
export function plainNumber(spelling: NumberSpelling, raw: string): Value {
  const { digits, from, to, isHundredth } = spelling;
  if (!patternOf(`^(?:${spelling.pattern})$`).test(raw)) return badNumber(raw);
  const found = digits === null ? raw : patternOf(digits).exec(raw)![0];
  const plain = [...found].map((mark) => (from.includes(mark) ? (to[from.indexOf(mark)] ?? '') : mark)).join('');
  const sign = digits !== null && patternOf(NEGATIVE).test(raw) ? '-' : '';
  if (!isHundredth) return { text: sign + plain };
  const [, whole, two, rest] = patternOf(hundredth.pattern).exec(`${sign}00${plain}`)!;
  return { text: `${whole}.${two}${rest}` };
}

const DIGITS = '[0-9][\\s\\S]*[0-9]|[0-9]';

/** Vendors write any of these between a number and its symbol, or nothing. */
const BLANK = '[ \u00a0\u202f]?';

interface Unit {
  /** Pattern of the symbols; empty for a number without one. */
  readonly symbols: string;
  readonly before: boolean;
}

function unitsOf({ percent, currency }: NumberOptions): Unit[] {
  if (percent !== undefined) return [{ symbols: '%', before: false }];
  if (currency === undefined) return [{ symbols: '', before: false }];
  // The longest first, because the first that fits is taken.
  const written = currency.filter((symbol) => symbol !== '').sort((a, b) => b.length - a.length);
  const symbols = `(?:${written.map((symbol) => [...symbol].map(literal).join('')).join('|')})`;
  const none = currency.includes('') ? [{ symbols: '', before: false }] : [];
  return [{ symbols, before: true }, { symbols, before: false }, ...none];
}

/** Beside a symbol a number begins and ends with a digit, because a symbol may end with a point, as `Fr.` does. */
function numberPattern(
  { type, decimal = '.', grouping }: NumberOptions & { readonly type: ColumnType },
  marks: string,
  { isBare, hasUnit }: { readonly isBare: boolean; readonly hasUnit: boolean },
): string {
  const mark = `[${marks}]`;
  const grouped = grouping === 'indian' ? `[1-9][0-9]?(?:${mark}[0-9]{2})*` : '[1-9][0-9]{0,2}';
  const last = grouping === 'indian' ? `${mark}[0-9]{3}` : `(?:${mark}[0-9]{3})+`;
  const whole = marks === '' ? '[0-9]+' : `(?:[0-9]+|${grouped}${last})`;
  if (isWhole(type)) return whole;
  const point = `[${decimal}]`;
  if (hasUnit) return `${whole}(?:${point}[0-9]+)?`;
  const exponent = traitsOf(type).number === 'float' && isBare ? '(?:[eE][+-]?[0-9]+)?' : '';
  return `(?:${whole}(?:${point}[0-9]*)?|${point}[0-9]+)${exponent}`;
}

/** Where sign, symbol and number can stand, with at most one sign. */
function shapesOf(number: string, units: readonly Unit[], negative: NumberOptions['negative']): string[] {
  return units.flatMap(({ symbols, before }) => {
    const beside = (inner: string) =>
      symbols === '' ? inner : before ? symbols + BLANK + inner : inner + BLANK + symbols;
    const around = (inner: (of: string) => string) => [beside(inner(number)), inner(beside(number))];
    return [
      ...around((of) => `[+-]?${of}`),
      ...(negative === 'behind' ? around((of) => `${of}[+-]`) : []),
      ...(negative === 'parentheses' ? around((of) => `[(]${of}[)]`) : []),
    ].filter((shape, index, all) => all.indexOf(shape) === index);
  });
}
