import { folded, type Language, languageNames, monthNames } from '../../feed/values/spelling/calendar-names.ts';
import type { GuessedColumn } from './guessed-column.ts';

/** A way in which a day, or a day with its time, may be written. */
export interface DayForm extends Pick<GuessedColumn, 'type'> {
  readonly options: { readonly date_format?: string; readonly months?: Language; readonly pivot?: number };
  /** Year, month and day in the order in which they stand. */
  readonly order: string;
}

/** All forms that a text may be written in, the plainest first; none for what is no day. Two digits of a year are written `YY`. */
export function dayFormsOf(text: string): DayForm[] {
  if (!MAY_BE_A_DAY.test(text)) return [];
  return days.flatMap(({ pattern, formats }) => {
    const match = pattern.exec(text);
    const clock = match && clockOf(text.slice(match[0].length));
    return match && clock ? formats(match).flatMap((day) => formsOf(day, clock)) : [];
  });
}

const MAY_BE_A_DAY = /^[\p{L}.]{0,12} ?\d/u;

interface Day {
  readonly format: string;
  readonly order: string;
  readonly months?: Language | undefined;
}

interface DayPattern {
  readonly pattern: RegExp;
  formats(match: RegExpExecArray): Day[];
}

const days: readonly DayPattern[] = [
  { pattern: /^\d{4}-\d{2}-\d{2}(?!\d)/, formats: () => [{ format: ISO, order: 'YMD' }] },
  { pattern: /^\d{8}(?=$|[ T]\d|\d{6}$)/, formats: () => [{ format: 'YYYYMMDD', order: 'YMD' }] },
  {
    pattern: /^\d{4}([-/.])\d{1,2}\1\d{1,2}(?!\d)/,
    formats: ([, mark]) =>
      ['MM DD', 'M D'].map((rest) => ({ format: `YYYY ${rest}`.replaceAll(' ', mark!), order: 'YMD' })),
  },
  {
    pattern: /^\d{1,2}([-/.])\d{1,2}\1(\d{4}|\d{2})(?!\d)/,
    formats: ([, mark, year]) =>
      ['DD MM', 'MM DD', 'D M', 'M D'].map((rest) => {
        const format = `${rest} ${'Y'.repeat(year!.length)}`.replaceAll(' ', mark!);
        return { format, order: rest.startsWith('M') ? 'MDY' : 'DMY' };
      }),
  },
  {
    pattern: /^\d{1,2}([- /.]|\. )(\p{L}{3,12})([.]?)([- /.])(\d{4}|\d{2})(?!\d)/u,
    formats: ([, mark, name, dot, behind, year]) =>
      namedMonths(name!, dot!).flatMap(({ months, part }) =>
        ['DD', 'D'].map((day) => ({
          format: `${day}${mark}${part}${behind}${'Y'.repeat(year!.length)}`,
          order: 'DMY',
          months,
        })),
      ),
  },
  {
    pattern: /^(\p{L}{3,12})([.]?)([- /])\d{1,2}(,? |[-/])(\d{4}|\d{2})(?!\d)/u,
    formats: ([, name, dot, mark, behind, year]) =>
      namedMonths(name!, dot!).flatMap(({ months, part }) =>
        ['DD', 'D'].map((day) => ({
          format: `${part}${mark}${day}${behind}${'Y'.repeat(year!.length)}`,
          order: 'MDY',
          months,
        })),
      ),
  },
];

const ISO = 'YYYY-MM-DD';

/** In which languages a word is the name of a month, English first. A date format lets a dot stand behind a short name. */
function namedMonths(name: string, dot: string): { months: Language | undefined; part: string }[] {
  const word = folded(name);
  return ['en' as const, ...languageNames.filter((language) => language !== 'en')].flatMap((language) => {
    const names = monthNames(language);
    const months = language === 'en' ? undefined : language;
    const isOf = (kind: 'whole' | 'short') => names.some((month) => month[kind].some((each) => folded(each) === word));
    return [
      ...(isOf('short') ? [{ months, part: 'MON' }] : []),
      ...(isOf('whole') && dot === '' ? [{ months, part: 'MONTH' }] : []),
    ];
  });
}

interface Clock {
  readonly type: 'date' | 'timestamp' | 'timestamptz';
  /** What a date format says of it; `''` for the plain spelling, which it does not need to name. */
  readonly formats: readonly string[];
}

const CLOCK =
  /^(,? |T|)(\d{1,2})(:?)(\d{2})(?:\3(\d{2})([.]\d{1,6})?)?( ?)([AaPp][.]?[Mm][.]?)?( ?)(Z|UTC|GMT|[-+]\d{2}(?::?\d{2})?)?$/;

function clockOf(text: string): Clock | undefined {
  if (text === '') return { type: 'date', formats: [''] };
  const match = CLOCK.exec(text);
  if (!match) return undefined;
  const [, before, hour, colon, , second, , blank, half, gap, zone] = match;
  // Digits alone are a time only where all of them stand together.
  if (colon === '' && (before === ' ' || second === undefined)) return undefined;
  const type = zone === undefined ? 'timestamp' : 'timestamptz';
  const isPlain = /^[ T]$/.test(before!) && hour!.length === 2 && colon === ':' && second !== undefined && !half;
  const hours = colon === '' ? ['HH'] : hour!.length === 2 ? ['HH', 'H'] : ['H'];
  const seconds = second === undefined ? [''] : [`${colon}SS[.FF]`];
  const behind = `${half ? `${blank}AM` : ''}${zone === undefined ? '' : `${half ? gap : blank}TZ`}`;
  const written = hours.flatMap((each) => seconds.map((end) => `${before}${each}${colon}MI${end}${behind}`));
  return { type, formats: isPlain ? ['', ...written] : written };
}

function formsOf({ format, order, months }: Day, { type, formats }: Clock): DayForm[] {
  return formats.map((clock) => {
    const isPlain = format === ISO && clock === '';
    return {
      type,
      order,
      options: { ...(isPlain ? {} : { date_format: `${format}${clock}` }), ...(months ? { months } : {}) },
    };
  });
}
