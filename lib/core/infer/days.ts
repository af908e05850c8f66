import type { Doubt, GuessedColumn } from './guessed-column.ts';

/** A way to write a day, as `date_format` names it; undefined is ISO's, which needs no name. */
interface DayForm {
  readonly name: string | undefined;
  readonly pattern: RegExp;
  /** Groups of year, month and day. */
  readonly groups: readonly [year: number, month: number, day: number];
}

const forms: readonly DayForm[] = [
  { name: undefined, pattern: /^(\d{4})-(\d{2})-(\d{2})/, groups: [1, 2, 3] },
  { name: 'YYYYMMDD', pattern: /^(\d{4})(\d{2})(\d{2})/, groups: [1, 2, 3] },
  ...['/', '.', '-'].flatMap((mark): DayForm[] => [
    { name: `DD${mark}MM${mark}YYYY`, pattern: separated('(\\d{2})', '(\\d{2})', '(\\d{4})', mark), groups: [3, 2, 1] },
    { name: `MM${mark}DD${mark}YYYY`, pattern: separated('(\\d{2})', '(\\d{2})', '(\\d{4})', mark), groups: [3, 1, 2] },
    {
      name: `D${mark}M${mark}YYYY`,
      pattern: separated('(\\d{1,2})', '(\\d{1,2})', '(\\d{4})', mark),
      groups: [3, 2, 1],
    },
    {
      name: `M${mark}D${mark}YYYY`,
      pattern: separated('(\\d{1,2})', '(\\d{1,2})', '(\\d{4})', mark),
      groups: [3, 1, 2],
    },
  ]),
  { name: 'YYYY/MM/DD', pattern: separated('(\\d{4})', '(\\d{2})', '(\\d{2})', '/'), groups: [1, 2, 3] },
  { name: 'YYYY.MM.DD', pattern: separated('(\\d{4})', '(\\d{2})', '(\\d{2})', '.'), groups: [1, 2, 3] },
];

function separated(first: string, second: string, third: string, mark: string): RegExp {
  return new RegExp(`^${first}[${mark}]${second}[${mark}]${third}`);
}

const TIME = /^[ T]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:[.]\d{1,6})?( ?(?:[Zz]|[-+](?:0\d|1[0-5])(?::?[0-5]\d)?))?$/;

/** Learns whether values are days or times, and in which form. */
export class GuessedDays {
  #alive: readonly DayForm[] = forms;
  #type: 'date' | 'timestamp' | 'timestamptz' | undefined;
  #isMixed = false;
  doubt: Doubt | undefined;

  add(text: string): void {
    if (this.#alive.length === 0) return;
    this.#alive = this.#alive.filter(({ pattern, groups }) => {
      const match = pattern.exec(text);
      return match !== null && isDay(groups.map((group) => Number(match[group])) as [number, number, number]);
    });
    const [form] = this.#alive;
    if (!form) return;
    const rest = text.slice(form.pattern.exec(text)![0].length);
    const time = TIME.exec(rest);
    const type = rest === '' ? 'date' : time ? (time[2] === undefined ? 'timestamp' : 'timestamptz') : undefined;
    if (type === undefined || (this.#type !== undefined && this.#type !== type)) this.#isMixed = true;
    this.#type ??= type;
  }

  guess(): GuessedColumn | undefined {
    if (this.#isMixed || this.#type === undefined) return undefined;
    const [form, ...others] = this.#alive;
    if (!form) return undefined;
    const other = others.find(({ groups }) => groups[1] !== form.groups[1]);
    if (other) {
      const type = this.#type;
      const choices = [form, other].map(({ name }) => ({ label: name!, type, options: { date_format: name } }));
      this.doubt = { question: `day and month cannot be told apart: ${form.name} or ${other.name}?`, choices };
      return undefined;
    }
    return { type: this.#type, options: form.name === undefined ? {} : { date_format: form.name } };
  }
}

/** Years outside of these are seldom years: eight digits would often be a day. */
const FIRST_YEAR = 1800;
const LAST_YEAR = 2200;

function isDay([year, month, day]: readonly [number, number, number]): boolean {
  if (year < FIRST_YEAR || year > LAST_YEAR || month < 1 || month > 12 || day < 1) return false;
  return day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}
