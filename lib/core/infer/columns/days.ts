import type { ColumnType } from '../../feed/values/column-type.ts';
import { momentSpellingOf, plainMoment } from '../../feed/values/spelling/moment-spelling.ts';
import { parseValue } from '../../feed/values/value.ts';
import { type DayForm, dayFormsOf } from './day-forms.ts';
import type { Doubt, GuessedColumn } from './guessed-column.ts';

/** Learns whether values are days or times, and in which form. */
export class GuessedDays {
  /** The forms in which all values so far may be written; undefined before the first. */
  #alive: readonly ReadForm[] | undefined;
  /** The moment that was judged last: most forms of a text read the same one. */
  #judged: { readonly type: string; readonly text: string; readonly isDay: boolean } | undefined;
  doubt: Doubt | undefined;

  add(text: string): void {
    if (this.#alive?.length === 0) return;
    this.#alive = (this.#alive ?? dayFormsOf(text).map(readable)).filter((form) => this.#fits(form, text));
  }

  #fits({ type, plain }: ReadForm, sent: string): boolean {
    const text = plain(sent);
    if (text === undefined) return false;
    if (this.#judged?.text !== text || this.#judged.type !== type)
      this.#judged = { type, text, isDay: isDay(type as ColumnType, text) };
    return this.#judged.isDay;
  }

  guess(): GuessedColumn | undefined {
    const [form, ...others] = this.#alive ?? [];
    if (!form) return undefined;
    // Where people write dots, the day comes first.
    const isDotted = /^D+[.]M/.test(formatOf(form));
    const other = isDotted ? undefined : others.find(({ order }) => order !== form.order);
    const orders = other ? [form, other] : [form];
    if (!isShort(form)) {
      const margin = isDotted && others.some(({ order }) => order !== form.order) ? { margin: DAY_FIRST } : {};
      if (!other) return { type: form.type, options: form.options, ...margin };
      const question = `day and month cannot be told apart: ${formatOf(form)} or ${formatOf(other)}?`;
      this.doubt = { question, choices: orders.map((each) => choiceOf(each, formatOf(each))) };
      return undefined;
    }
    const choices = orders.flatMap((each) =>
      pivots.map((pivot) =>
        choiceOf({ ...each, options: { ...each.options, pivot } }, `${formatOf(each)} from ${pivot} to ${pivot + 99}`),
      ),
    );
    this.doubt = { question: 'a year of two digits: of which hundred years?', choices };
    return undefined;
  }
}

const DAY_FIRST = 'the day is before the month, as is usual with dots; no day after the 12th was seen';

/** The first of the hundred years that two digits may mean: of days of business, and of birthdays. */
const pivots = [1970, 1930] as const;

/** Years outside of these are seldom years: eight digits would often be a day. */
const FIRST_YEAR = 1800;
const LAST_YEAR = 2200;

interface ReadForm extends DayForm {
  /** The plain text of the moment that a text is in this form. */
  plain(text: string): string | undefined;
}

/** The night's own reader for a form, made once. */
function readable(form: DayForm): ReadForm {
  const { date_format, months } = form.options;
  const type = form.type as ColumnType;
  if (date_format === undefined) return { ...form, plain: (text) => text };
  const spelling = momentSpellingOf({ type, date_format, months, pivot: pivots[0] });
  return { ...form, plain: spelling ? (text) => plainMoment(spelling, text).text : (text) => text };
}

function isDay(type: ColumnType, text: string): boolean {
  const year = Number(text.slice(0, 4));
  return year >= FIRST_YEAR && year <= LAST_YEAR && parseValue({ type }, text).code === undefined;
}

const formatOf = ({ options }: Pick<DayForm, 'options'>) => options.date_format ?? 'YYYY-MM-DD';

const isShort = (form: Pick<DayForm, 'options'>) => !formatOf(form).includes('YYYY');

function choiceOf({ type, options }: DayForm, label: string): Doubt['choices'][number] {
  return { label, type, options };
}
