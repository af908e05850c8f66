/** A parsed text of the feed file in which `{…}` stands for a date or a counter. */
export type Piece =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'date'; readonly part: DatePart }
  | { readonly kind: 'counter' };

export type DateUnit = 'year' | 'month' | 'day';

/** One way to write the year, the month or the day. */
export interface DatePart {
  readonly unit: DateUnit;
  /** Number of characters that it takes; null when that depends on the value. */
  readonly width: number | null;
  write(value: number): string;
}

/** Fills a business date into a path or a file pattern. A counter stays as it is. */
export function withDate(text: string, date: string): string {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  const values = { year, month, day };
  return write(text, ({ unit, write }) => write(values[unit]));
}

interface Read {
  readonly end: number;
  readonly value: number;
}

/** Reads all values that a part can have from this place on, each with its end. */
export function readerOf({ unit, width, write }: DatePart): (name: readonly string[], at: number) => Read[] {
  const spelled = (value: number) => ({ text: [...write(value)], value });
  const few = unit === 'year' ? [] : upTo(unit === 'month' ? 12 : 31).map(spelled);
  return (name, at) => {
    const candidates = unit === 'year' ? yearAt(name.slice(at, at + width!)).map(spelled) : few;
    return candidates
      .filter(({ text }) => text.every((character, index) => name[at + index] === character))
      .map(({ text, value }) => ({ end: at + text.length, value }));
  };
}

/** Two digits mean this century: no delivery of tonight is from the last one. */
function yearAt(digits: readonly string[]): number[] {
  const year = Number(digits.join(''));
  if (!Number.isInteger(year)) return [];
  return [digits.length === 2 ? 2000 + year : year];
}

const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);

/** The text with `?` and `*` in place of the date, which fits every date. */
export function withAnyDate(text: string): string {
  return write(text, ({ width }) => (width === null ? '*' : '?'.repeat(width)));
}

function write(text: string, partAs: (part: DatePart) => string): string {
  return piecesOf(text)
    .map((piece) => (piece.kind === 'text' ? piece.text : piece.kind === 'date' ? partAs(piece.part) : COUNTER))
    .join('');
}

/** Braces around anything else are plain text, because vendors use them in names. */
export function piecesOf(text: string): Piece[] {
  return text.split(BRACES).flatMap((found): Piece[] => {
    if (found === COUNTER) return [{ kind: 'counter' }];
    return formatPieces(formatOf(found)) ?? (found === '' ? [] : [{ kind: 'text', text: found }]);
  });
}

/** Texts in braces that look like a date but are not one of the forms. */
export function unknownForm(text: string): string | undefined {
  return text
    .split(BRACES)
    .find((found) => isLikeADate(found) && found !== COUNTER && formatPieces(formatOf(found)) === undefined);
}

export const dateForms =
  '{date}, {yyyymmdd}, {ddmmyyyy}, {yymmdd}, {yyyy}, {mm}, {dd}, and {date:…} with YYYY, YY, MONTH, Month, month, MON, Mon, mon, MM, M, DD, D and what is between them, such as {date:DD-MON-YYYY}';

const COUNTER = '{n}';
const BRACES = /(\{[^{}]*\})/;

function isLikeADate(found: string): boolean {
  if (!found.startsWith('{')) return false;
  const words = found.match(/[A-Za-z]+/g) ?? [];
  return (
    /^date/i.test(words[0] ?? '') || (words.length > 0 && words.every((word) => /^([ymd]+|mon|month|n)$/i.test(word)))
  );
}

const forms: Readonly<Record<string, string>> = {
  '{date}': 'YYYY-MM-DD',
  '{yyyymmdd}': 'YYYYMMDD',
  '{ddmmyyyy}': 'DDMMYYYY',
  '{yymmdd}': 'YYMMDD',
  '{yyyy}': 'YYYY',
  '{mm}': 'MM',
  '{dd}': 'DD',
};

function formatOf(found: string): string | undefined {
  return Object.hasOwn(forms, found) ? forms[found] : /^\{date:(.+)\}$/.exec(found)?.[1];
}

/** undefined when the text is not a format: it has unknown letters, or no part of a date. */
function formatPieces(format: string | undefined): Piece[] | undefined {
  const tokens = format?.match(TOKENS) ?? [];
  if (tokens.join('') !== format || !tokens.some((token) => Object.hasOwn(parts, token))) return undefined;
  return tokens.map((token) =>
    Object.hasOwn(parts, token) ? { kind: 'date', part: parts[token]! } : { kind: 'text', text: token },
  );
}

const TOKENS = /MONTH|Month|month|MON|Mon|mon|YYYY|YY|MM|M|DD|D|[^A-Za-z*?]/g;

/** Month names are English, whatever the locale of the process is. */
const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

const digits = (unit: DateUnit, width: number): DatePart => ({
  unit,
  width,
  write: (value) => String(value).padStart(width, '0').slice(-width),
});
const number = (unit: DateUnit): DatePart => ({ unit, width: null, write: String });
const named = (letters: number | null, cased: (name: string) => string): DatePart => ({
  unit: 'month',
  width: letters,
  write: (value) => cased(months[value - 1]!.slice(0, letters ?? undefined)),
});
const upper = (name: string) => name.toUpperCase();
const lower = (name: string) => name.toLowerCase();

const parts: Readonly<Record<string, DatePart>> = {
  YYYY: digits('year', 4),
  YY: digits('year', 2),
  MM: digits('month', 2),
  M: number('month'),
  MONTH: named(null, upper),
  Month: named(null, String),
  month: named(null, lower),
  MON: named(3, upper),
  Mon: named(3, String),
  mon: named(3, lower),
  DD: digits('day', 2),
  D: number('day'),
};
