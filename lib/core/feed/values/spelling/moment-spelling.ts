import { literal } from '../../../expression/pattern.ts';
import type { Value } from '../bad-value.ts';
import type { ColumnType } from '../column-type.ts';
import { dateFormatOf, type FormatPiece, isTimeAlone, type MomentPart, partsOf } from '../date-format.ts';
import { type CalendarNames, caseOf, monthNames, type NamesOption, numberOf, weekdayNames } from './calendar-names.ts';
import { patternOf } from './known-patterns.ts';

/** The feed file's options of a column explain them. */
export interface MomentOptions {
  readonly date_format?: string | undefined;
  readonly pivot?: number | undefined;
  readonly months?: NamesOption | undefined;
  readonly weekdays?: NamesOption | undefined;
}

export interface MomentSpelling {
  /** Fits the whole of a good text and no other, with a group for each part. JavaScript, RE2 and Java read it alike. */
  readonly pattern: string;
  /** Of a text that the pattern does not fit. */
  readonly fault: 'DATE' | 'TIME';
  /** What the groups hold. */
  readonly parts: readonly MomentPart[];
  /** The first of the hundred years that two digits can mean. */
  readonly pivot: number;
  readonly months: readonly CalendarNames[];
  readonly weekdays: readonly CalendarNames[];
}

export function momentSpellingOf(options: MomentOptions & { readonly type: ColumnType }): MomentSpelling {
  const {
    type,
    date_format,
    pivot = 0,
    months = 'en',
    weekdays = typeof months === 'string' ? months : 'en',
  } = options;
  const pieces = dateFormatOf(date_format!) as readonly FormatPiece[];
  const names = { months: monthNames(months), weekdays: weekdayNames(weekdays) };
  const written = partsOf(pieces);
  const rest = type !== 'date' && !written.includes('hour');
  return {
    pattern: pieces.map((piece) => pieceText(piece, written.includes('half'), names)).join('') + (rest ? REST : ''),
    fault: isTimeAlone(pieces) ? 'TIME' : 'DATE',
    parts: rest ? [...written, 'rest'] : written,
    pivot,
    ...names,
  };
}

/** The plain spelling of a moment, or why it has none. */
export function plainMoment({ pattern, fault, parts, pivot, months, weekdays }: MomentSpelling, raw: string): Value {
  const match = patternOf(`^(?:${pattern})$`).exec(raw);
  if (!match) return { code: fault };
  const part = (name: MomentPart) => (parts.includes(name) && match[parts.indexOf(name) + 1]) || '';
  const two = (name: MomentPart) => part(name).padStart(2, '0');
  if (!parts.includes('day')) return { text: clockOf(part, parts) };
  const named = part('monthName') || part('shortMonthName');
  const month = named === '' ? two('month') : String(numberOf(months, named)).padStart(2, '0');
  const short = part('shortYear');
  const day = `${short === '' ? part('year') : centuryOf(pivot, short) + short}-${month}-${two('day')}`;
  const weekday = part('weekdayName') || part('shortWeekdayName');
  if (weekday !== '' && isOtherWeekday(day, numberOf(weekdays, weekday))) return { code: fault };
  if (!parts.includes('hour')) return { text: day + part('rest') };
  const zone = utcWords.includes(part('zone')) ? 'Z' : part('zone');
  return { text: `${day} ${clockOf(part, parts)}${zone}` };
}

function clockOf(part: (name: MomentPart) => string, parts: readonly MomentPart[]): string {
  const hour = parts.includes('half') ? fullHour(part('hour'), part('half')) : part('hour').padStart(2, '0');
  const fraction = part('fraction') && `.${part('fraction')}`;
  return `${hour}:${part('minute') || '00'}:${part('second') || '00'}${fraction}`;
}

/** Words for UTC beside `Z`. */
export const utcWords = ['UTC', 'GMT'];

/** The first two digits of the year that two digits mean. */
function centuryOf(pivot: number, digits: string): number {
  return Math.floor(pivot / 100) + (Number(digits) < pivot % 100 ? 1 : 0);
}

/** The hour of a day by the clock of half a day. */
function fullHour(hour: string, half: string): string {
  return String((Number(hour) % 12) + (half.toLowerCase() === 'p' ? 12 : 0)).padStart(2, '0');
}

/** Of a day that is there. Others are rejected for what they are. */
function isOtherWeekday(day: string, weekday: number): boolean {
  const midnight = new Date(`${day}T00:00:00Z`);
  const isThere = day >= FIRST_YEAR && !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
  return isThere && (midnight.getUTCDay() || 7) !== weekday;
}

/** A year before it is rejected, whatever the weekday. */
export const FIRST_YEAR = '1000';

/** It could not be told from the text behind the day where the parts are put together. */
const REST = '([^|]*)';

type Names = Pick<MomentSpelling, 'months' | 'weekdays'>;

function pieceText(piece: FormatPiece, isHalf: boolean, { months, weekdays }: Names): string {
  if (piece.kind === 'open') return '(?:';
  if (piece.kind === 'close') return ')?';
  if (piece.kind === 'text') return [...piece.text].map(literal).join('');
  const { part, digits } = piece;
  if (part === 'monthName') return namePattern(months.flatMap(({ whole }) => whole));
  if (part === 'shortMonthName') return `${namePattern(months.flatMap(({ short }) => short))}[.]?`;
  if (part === 'weekdayName') return namePattern(weekdays.flatMap(({ whole }) => whole));
  if (part === 'shortWeekdayName') return `${namePattern(weekdays.flatMap(({ short }) => short))}[.]?`;
  if (part === 'half') return '([AaPp])[.]?[Mm][.]?';
  if (part === 'zone') return `([Zz]|${utcWords.join('|')}|[+-](?:0[0-9]|1[0-5])(?::?[0-5][0-9])?)`;
  if (part === 'fraction') return '([0-9]+)';
  if (part === 'hour' && isHalf) return digits === 2 ? '(0[1-9]|1[0-2])' : '(0?[1-9]|1[0-2])';
  return digits === 'some' ? '([0-9]{1,2})' : `([0-9]{${digits}})`;
}

/** One of the names, in capitals or small letters. The longest come first, because the first that fits is taken. */
function namePattern(names: readonly string[]): string {
  const longestFirst = [...new Set(names)].sort((a, b) => b.length - a.length);
  return `(${longestFirst.map((name) => [...name].map(anyCase).join('')).join('|')})`;
}

function anyCase(letter: string): string {
  const { capital, small } = caseOf(letter);
  return capital === small ? literal(letter) : `[${capital}${small}]`;
}
