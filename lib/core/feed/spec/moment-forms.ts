import { z } from 'zod';
import { type ColumnType, type TypeName, typeName } from '../values/column-type.ts';
import { dateFormatOf, isTimeAlone, partsOf } from '../values/date-format.ts';
import { folded, languageNames } from '../values/spelling/calendar-names.ts';
import type { EpochOptions } from '../values/spelling/epoch-spelling.ts';
import type { MomentOptions } from '../values/spelling/moment-spelling.ts';
import { timezone } from '../values/text-forms.ts';

const someMonths = `expected one of ${languageNames.join(', ')}, or the names of the twelve months from January on`;
const someDays = `expected one of ${languageNames.join(', ')}, or the names of the seven days from Monday on`;

const monthsOption = z.union([z.enum(languageNames), ownNames(12, someMonths, 'month')], { error: someMonths });
const weekdaysOption = z.union([z.enum(languageNames), ownNames(7, someDays, 'day')], { error: someDays });

const rules = {
  gap: z
    .enum(['reject', 'later'])
    .default('reject')
    .describe(
      'A time that the clocks skip, such as 02:30 on the morning when summer time begins. `later`: it is as much later, 03:30.',
    ),
  double: z
    .enum(['reject', 'earlier', 'later'])
    .default('reject')
    .describe(
      'A time that the clocks show twice, in the hour that summer time gives back: its first or its second time.',
    ),
};
const zoneOptions = z.strictObject({ zone: timezone, ...rules });
const localTime = z.union([timezone.transform((zone) => zoneOptions.parse({ zone })), zoneOptions], {
  error: 'expected an IANA time zone such as America/New_York, or {zone, gap, double}',
});

/** How a vendor writes the days and times of a column. */
export const momentForms = {
  date_format: z
    .string()
    .superRefine((format, context) => {
      const parsed = dateFormatOf(format);
      if (typeof parsed === 'string') context.addIssue({ code: 'custom', message: parsed });
    })
    .optional()
    .describe(
      'How a day is written in a date or timestamp, such as `DD/MM/YYYY`, `YYYYMMDD` or `D-MON-YY`, or a day with its time, such as `M/D/YYYY H:MI AM` or `YYYYMMDDTHHMISS[.FF]`; in a time, the time alone, such as `HHMISS` or `H:MI AM`. `M`, `D` and `H` may have one digit, `MON` and `MONTH` are names, `DY` and `DAY` are weekdays, which have to be those of the day, with `AM` the hours go from 1 to 12, `FF` is the fraction of a second, `TZ` is `Z`, `UTC` or an offset; what stands in `[ ]` may be missing, and `" "` is text. Without hours, a timestamp goes on as it is written without this option.',
    ),
  pivot: z
    .int()
    .min(1000)
    .max(9900)
    .optional()
    .describe('The first of the hundred years that `YY` can mean: with 1970, 70 is 1970 and 69 is 2069.'),
  months: monthsOption
    .optional()
    .describe('The language of `MON` and `MONTH`; English unless told. Or twelve names, or lists of names.'),
  weekdays: weekdaysOption
    .optional()
    .describe(
      'The language of `DY` and `DAY`; that of `months` unless told, or else English. Or seven names from Monday on, or lists of names.',
    ),
  epoch: z
    .enum(['s', 'ms', 'us'])
    .optional()
    .describe(
      'A number says how many seconds, milliseconds or microseconds have gone by since 1970 in UTC. A date has to be a whole day.',
    ),
  timezone: localTime
    .optional()
    .describe(
      'The zone of times that do not say theirs, for a timestamptz from 1970 to 2069, such as Europe/Berlin. A time that its clocks skip or show twice rejects the row; or `{zone: Europe/Berlin, gap: later, double: earlier}` says what it means, where `double` may be `later` too.',
    ),
};

type Forms = z.output<z.ZodObject<typeof momentForms>>;

const isDay = isOneOf('date', 'timestamp', 'timestamptz');
const isMoment = isOneOf('date', 'timestamp', 'timestamptz', 'time');

export const momentTypes: Readonly<Record<keyof Forms, (type: ColumnType) => boolean>> = {
  date_format: isMoment,
  pivot: isDay,
  months: isDay,
  weekdays: isDay,
  epoch: isDay,
  timezone: isOneOf('timestamptz'),
};

interface Options extends MomentOptions, EpochOptions {
  readonly type: ColumnType;
  readonly odd_times?: string | undefined;
  readonly timezone?: object | undefined;
}

/** Says which options of a day or time contradict each other, and why. */
export function momentContradiction(options: Options): { option: keyof Forms; message: string } | undefined {
  const { type, date_format, pivot, months, weekdays, epoch, odd_times, timezone } = options;
  const pieces = date_format === undefined ? [] : dateFormatOf(date_format);
  // Then another complaint says so.
  if (typeof pieces === 'string') return undefined;
  const parts = partsOf(pieces);
  const has = (...of: readonly (typeof parts)[number][]) => of.some((part) => parts.includes(part));
  if (epoch !== undefined && (date_format ?? odd_times) !== undefined)
    return {
      option: 'epoch',
      message: `epoch and ${date_format === undefined ? 'odd_times' : 'date_format'} do not go together`,
    };
  if (timezone !== undefined && epoch !== undefined)
    return { option: 'timezone', message: 'a count since 1970 says its zone already: UTC' };
  if (timezone !== undefined && odd_times === 'roll')
    return { option: 'timezone', message: 'odd_times: roll is for times that say their zone' };
  if (timezone !== undefined && has('zone'))
    return { option: 'timezone', message: 'TZ in date_format says the zone already' };
  if (has('shortYear') !== (pivot !== undefined))
    return pivot === undefined
      ? {
          option: 'date_format',
          message: 'YY needs pivot beside it, such as pivot: 1970: the first of the hundred years that it can mean',
        }
      : { option: 'pivot', message: 'is for a date_format with YY' };
  if (months !== undefined && !has('monthName', 'shortMonthName'))
    return { option: 'months', message: 'is for a date_format with MON or MONTH' };
  if (weekdays !== undefined && !has('weekdayName', 'shortWeekdayName'))
    return { option: 'weekdays', message: 'is for a date_format with DY or DAY' };
  if (date_format !== undefined && isTimeAlone(pieces) !== (type === 'time'))
    return {
      option: 'date_format',
      message:
        type === 'time'
          ? 'a time has no day: give HH or H, MI, SS, FF and AM'
          : `a ${type} needs a day too; a time of day alone is a time`,
    };
  if (type === 'time' && has('zone'))
    return { option: 'date_format', message: 'TZ is for timestamptz, because a time has no zone' };
  if (type === 'date' && has('hour'))
    return {
      option: 'date_format',
      message:
        'a date has no time; if the file always has the same one, write it in quotes, such as DD.MM.YYYY" 00:00:00"',
    };
  if (type === 'timestamp' && has('zone'))
    return { option: 'date_format', message: 'TZ is for timestamptz, because a timestamp has no zone' };
  if (type === 'timestamptz' && has('hour') && !has('zone') && timezone === undefined)
    return {
      option: 'date_format',
      message: 'a timestamptz needs TZ, or timezone beside it, or the column has the type timestamp',
    };
  return undefined;
}

export function isOneOf(...names: readonly TypeName[]): (type: ColumnType) => boolean {
  return (type) => names.includes(typeName(type));
}

/** So many names, or lists of names. */
function ownNames(count: number, error: string, what: string) {
  const name = z.string({ error }).regex(/^[^0-9|"]+$/, 'expected a name without digits, | and quotes');
  return z
    .array(z.union([name.transform((each) => [each]), z.array(name).min(1)]))
    .length(count, error)
    .refine(areApart, `expected names of which each means one ${what}`);
}

function areApart(all: readonly (readonly string[])[]): boolean {
  const names = all.flatMap((each) => [...new Set(each.map(folded))]);
  return new Set(names).size === names.length;
}
