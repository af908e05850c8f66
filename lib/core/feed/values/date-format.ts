/** What a part of a text says of a moment. `rest` is a clock in the plain spelling, behind a day. */
export type MomentPart =
  | 'year'
  | 'shortYear'
  | 'month'
  | 'monthName'
  | 'shortMonthName'
  | 'weekdayName'
  | 'shortWeekdayName'
  | 'day'
  | 'hour'
  | 'minute'
  | 'second'
  | 'fraction'
  | 'half'
  | 'zone'
  | 'rest';

/** A piece of a date format. What stands between `open` and `close` may be missing. */
export type FormatPiece =
  | { readonly kind: 'part'; readonly part: MomentPart; readonly digits: Digits }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'open' }
  | { readonly kind: 'close' };

/** How many digits a part has: so many, one or more, or none at all. */
type Digits = number | 'some' | 'none';

/** Parses `DD/MM/YYYY`, `M/D/YYYY H:MI AM` or, without a day, `HHMISS`. A text instead says what is wrong with the format. */
export function dateFormatOf(format: string): readonly FormatPiece[] | string {
  const tokens = format.match(TOKENS) ?? [];
  const pieces = tokens.map(pieceOf);
  const fault = tokens.join('') === format ? faultOf(pieces) : WANTED;
  if (fault === undefined) return pieces;
  const foreign = foreignWords.find(([word]) => format.includes(word));
  return foreign ? `${fault}; did you mean ${foreign[1]} where it says ${foreign[0]}?` : fault;
}

export function partsOf(pieces: readonly FormatPiece[]): readonly MomentPart[] {
  return pieces.flatMap((piece) => (piece.kind === 'part' ? [piece.part] : []));
}

/** Whether it says a time of day alone. */
export function isTimeAlone(pieces: readonly FormatPiece[]): boolean {
  return partsOf(pieces).every((part) => timeParts.includes(part));
}

const timeParts: readonly MomentPart[] = ['hour', 'minute', 'second', 'fraction', 'half', 'zone'];

const WANTED =
  'expected a year (YYYY, YY), a month (MM, M, MON, MONTH) and a day (DD, D), its weekday (DAY, DY) if it is there, for a time of day HH or H, MI, SS, FF, AM and TZ too, or alone, such as DD/MM/YYYY or "D MON YYYY HH:MI[:SS]"';

/** Letters of other tools for the same, the longer ones first. */
const foreignWords = [
  ['HH24', 'HH'],
  ['HH12', 'HH, beside AM'],
  ['hh', 'HH'],
  ['yyyy', 'YYYY'],
  ['yy', 'YY'],
  ['EEEE', 'DAY'],
  ['EEE', 'DY'],
  ['dddd', 'DAY'],
  ['ddd', 'DY'],
  ['MMMM', 'MONTH'],
  ['MMM', 'MON'],
  ['mm', 'MM for the month or MI for the minute'],
  ['dd', 'DD'],
  ['SSS', 'FF'],
  ['ss', 'SS'],
  ['US', 'FF'],
  ['MS', 'FF'],
  ['PM', 'AM'],
  ['tt', 'AM'],
  ['a', 'AM'],
  ['XXX', 'TZ'],
  ['Z', 'TZ'],
  ['%', 'YYYY-MM-DD HH:MI:SS'],
] as const;

const TOKENS =
  /YYYY|YY|MONTH|Month|month|MON|Mon|mon|DAY|Day|day|DY|Dy|dy|MI|MM|M|DD|D|HH|H|SS|FF|AM|TZ|T|\[|\]|"[^"]*"|[^A-Za-z0-9"[\]%]/g;

const parts: Readonly<Record<string, readonly [part: MomentPart, digits: Digits]>> = {
  YYYY: ['year', 4],
  YY: ['shortYear', 2],
  MONTH: ['monthName', 'none'],
  MON: ['shortMonthName', 'none'],
  DAY: ['weekdayName', 'none'],
  DY: ['shortWeekdayName', 'none'],
  MM: ['month', 2],
  M: ['month', 'some'],
  DD: ['day', 2],
  D: ['day', 'some'],
  HH: ['hour', 2],
  H: ['hour', 'some'],
  MI: ['minute', 2],
  SS: ['second', 2],
  FF: ['fraction', 'some'],
  AM: ['half', 'none'],
  TZ: ['zone', 'none'],
};

function pieceOf(token: string): FormatPiece {
  if (token === '[') return { kind: 'open' };
  if (token === ']') return { kind: 'close' };
  if (token.startsWith('"')) return { kind: 'text', text: token.slice(1, -1) };
  const [part, digits] = (/^(mon|da?y)/i.test(token) ? parts[token.toUpperCase()] : parts[token]) ?? [];
  return part ? { kind: 'part', part, digits: digits! } : { kind: 'text', text: token };
}

function faultOf(pieces: readonly FormatPiece[]): string | undefined {
  const found = partsOf(pieces);
  const count = (...of: readonly MomentPart[]) => found.filter((part) => of.includes(part)).length;
  const days = [count('year', 'shortYear'), count('month', 'monthName', 'shortMonthName'), count('day')];
  const isTime = found.length > 0 && isTimeAlone(pieces);
  if (!isTime && days.some((times) => times !== 1)) return WANTED;
  if (count('weekdayName', 'shortWeekdayName') > 1) return 'the weekday is there twice';
  const twice = found.find((part, index) => found.indexOf(part) !== index);
  if (twice) return `the ${twice} is there twice`;
  const lacking = wholes.find(([part, whole]) => count(part) > 0 && count(whole) === 0);
  if (lacking) return `the ${lacking[0]} needs the ${lacking[1]} beside it`;
  return faultOfOptional(pieces) ?? faultOfEnds(pieces);
}

/** Each says little without the other. */
const wholes: readonly (readonly [part: MomentPart, whole: MomentPart])[] = [
  ['minute', 'hour'],
  ['second', 'minute'],
  ['fraction', 'second'],
  ['half', 'hour'],
  ['zone', 'hour'],
];

const optional: readonly MomentPart[] = ['second', 'fraction', 'zone', 'weekdayName', 'shortWeekdayName'];

function faultOfOptional(pieces: readonly FormatPiece[]): string | undefined {
  let depth = 0;
  for (const piece of pieces) {
    if (piece.kind === 'open') depth += 1;
    if (piece.kind === 'close') depth -= 1;
    if (depth < 0) return '] has no [ before it';
    const mayLack = piece.kind !== 'part' || optional.includes(piece.part);
    if (depth > 0 && !mayLack) return `the ${piece.part} cannot stand within [ ]; SS, FF, TZ, DY and DAY can`;
  }
  return depth > 0 ? '[ has no ] behind it' : undefined;
}

/** A number of any length ends where no digit follows, whether or not what may be missing is there. */
function faultOfEnds(pieces: readonly FormatPiece[]): string | undefined {
  const written = pieces.filter(({ kind }) => kind !== 'open' && kind !== 'close');
  const always = pieces.filter((_piece, index) => depthAt(pieces, index) === 0);
  for (const row of [written, always]) {
    const unclear = row.find((piece, index) => isOpenEnded(piece) && beginsWithDigit(row[index + 1]));
    if (unclear?.kind === 'part') return `the ${unclear.part} needs something behind it that is no digit`;
  }
  return undefined;
}

function depthAt(pieces: readonly FormatPiece[], index: number): number {
  return pieces.slice(0, index + 1).reduce((depth, { kind }, at) => {
    if (kind === 'open') return depth + 1;
    // What closes belongs to what it closes.
    return kind === 'close' && at < index ? depth - 1 : depth;
  }, 0);
}

const isOpenEnded = (piece: FormatPiece) => piece.kind === 'part' && piece.digits === 'some';

const beginsWithDigit = (piece: FormatPiece | undefined) =>
  piece !== undefined &&
  (piece.kind === 'part' ? piece.digits !== 'none' : piece.kind === 'text' && /^[0-9]/.test(piece.text));
