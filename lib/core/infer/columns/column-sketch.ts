import { arrayItems } from '../../feed/values/array-items.ts';
import { parseTime } from '../../feed/values/time-of-day.ts';
import { GuessedDays } from './days.ts';
import type { Doubt, GuessedColumn } from './guessed-column.ts';
import { GuessedNumbers } from './numbers.ts';

/** Words with which exports say that there is no value. */
const nullWords = new Set([
  'NULL',
  'null',
  '\\N',
  'NA',
  'N/A',
  'n/a',
  '#N/A',
  'NaN',
  'nan',
  'None',
  'nil',
  'none',
  '-',
  '--',
  '.',
  '?',
]);

const truths: readonly (readonly [yes: string, no: string])[] = [
  ['Y', 'N'],
  ['y', 'n'],
  ['yes', 'no'],
  ['Yes', 'No'],
  ['YES', 'NO'],
  ['J', 'N'],
  ['ja', 'nein'],
  ['on', 'off'],
];

/** Learns what the values of one column are, one after the other, in bounded memory. */
export class ColumnSketch {
  #hasValues = false;
  readonly #numbers = new GuessedNumbers();
  readonly #days = new GuessedDays();
  readonly #words = new Set<string>();
  #areFewWords = true;
  #areUuids = true;
  #areTimes = true;
  #areObjects = true;
  #areArrays = true;
  #hasBlanksAround = false;
  /** Some row has no value here. */
  hasGaps = false;

  /** The words for null that were met; a column of text has none of them, because there they may be values. */
  readonly #metNulls = new Set<string>();

  add(value: string | null): void {
    if (value === null || value === '') {
      this.hasGaps = true;
      return;
    }
    const text = value.trim();
    if (text.length !== value.length) this.#hasBlanksAround = true;
    this.#see(value);
    if (nullWords.has(text)) {
      this.#metNulls.add(text);
      return;
    }
    this.#hasValues = true;
    this.#numbers.add(text);
    this.#days.add(text);
    if (this.#areUuids) this.#areUuids = UUID.test(text);
    if (this.#areTimes) this.#areTimes = parseTime(text).code === undefined;
    if (this.#areObjects) this.#areObjects = isObject(text);
    if (this.#areArrays) this.#areArrays = text.startsWith('{') && arrayItems(text, undefined) !== null;
  }

  guess(): GuessedColumn {
    const found = this.#hasValues ? this.#typed() : undefined;
    if (found === undefined) return { type: 'text', options: {}, ...this.#doubt() };
    const options = {
      ...found.options,
      ...(this.#hasBlanksAround ? { trim: true } : {}),
      ...(this.#metNulls.size > 0 ? { nulls: [...this.#metNulls] } : {}),
    };
    return { ...found, options };
  }

  #typed(): GuessedColumn | undefined {
    if (this.#areUuids) return { type: 'uuid', options: {} };
    if (this.#areTimes) return { type: 'time', options: {} };
    const words = this.#areFewWords ? [...this.#words].filter((word) => !nullWords.has(word.trim())) : [];
    const isOf = (...both: readonly string[]) => words.length > 0 && words.every((word) => both.includes(word.trim()));
    if (isOf('true', 'false', 'True', 'False', 'TRUE', 'FALSE', 't', 'f')) return { type: 'boolean', options: {} };
    const pair = truths.find((both) => isOf(...both) && words.length === 2);
    if (pair) return { type: 'boolean', options: { true_words: [pair[0]], false_words: [pair[1]] } };
    return (
      this.#days.guess() ?? this.#numbers.guess() ?? (this.#areObjects ? { type: 'json', options: {} } : undefined)
    );
  }

  #doubt(): Pick<GuessedColumn, 'doubt'> | object {
    if (!this.#hasValues) return { doubt: { question: 'no value was seen', choices: [] } };
    const doubt = this.#days.doubt ?? this.#numbers.doubt ?? (this.#areArrays ? arrayDoubt : undefined);
    return doubt === undefined ? {} : { doubt };
  }

  #see(value: string): void {
    if (!this.#areFewWords) return;
    this.#words.add(value);
    if (this.#words.size <= MAX_WORDS) return;
    this.#areFewWords = false;
    this.#words.clear();
  }
}

/** What its elements are only the vendor knows: `{1,2}` may hold texts. */
const arrayDoubt: Doubt = {
  question: 'text, or an array as PostgreSQL prints it (type: text[])?',
  choices: [{ type: 'text[]', options: {}, label: 'an array of texts' }],
};

const MAX_WORDS = 12;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function isObject(text: string): boolean {
  if (!/^[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether a text is a number or a day in one of many forms: no name of a column. */
export function isNumberLike(text: string): boolean {
  return /^[-+(]?[$€£]? ?[.]?\d[\d.,' \u00a0\u202f]*(e[-+]?\d+)?%?\)?-?$|^\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}/i.test(
    text.trim(),
  );
}
