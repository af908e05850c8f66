/**
 * The pattern of a line beside the data: `*` is any text, and `{rows}` the number of data records. A `*` next to `{rows}` matches no
 * digits, because these belong to the number. Only patterns that match in one way are allowed, so that matching never has to backtrack.
 */
export class LinePattern {
  readonly #pattern: string;
  readonly #count: Count | undefined;
  readonly #before: Side;
  readonly #after: Side;

  constructor(pattern: string) {
    const { count, before, after } = partsOf(pattern);
    this.#pattern = pattern;
    this.#count = count;
    this.#before = sideOf(before, 'end');
    this.#after = sideOf(after, 'start');
  }

  /** Why a text is not such a pattern. */
  static faultOf(pattern: string): string | undefined {
    const { count, before, after } = partsOf(pattern);
    if (/^\*+$/.test(pattern)) return 'every line is so: say what these lines begin with, or count them with skip';
    const unread = /\{rows?[^}]*\}?/.exec(before + after)?.[0];
    if (unread !== undefined)
      return count
        ? 'a pattern holds {rows} once'
        : `cannot read ${unread}; expected {rows}, {rows+1} where the number counts another line too, or {rows:,} where it has thousands marks`;
    if (!count) return undefined;
    const sides = [sideOf(before, 'end'), sideOf(after, 'start')] as const;
    if (sides.every(({ pieces }) => pieces.length > 1))
      return 'can be read in two ways: with a * on each side that is not beside {rows}, several numbers may be the count';
    const isNumberNextTo = [isOfNumber(before.at(-1), count), isOfNumber(after[0], count)];
    if (sides.some(({ pieces, isOpen }, index) => isNumberNextTo[index] && (pieces.length > 1 || isOpen)))
      return 'can be read in two ways: what stands beside {rows} may belong to the number when a * stands on that side';
    return undefined;
  }

  /** Whether a text fits, and the number of data records that it says; null when it says none. */
  match(text: string): { readonly rows: number | null } | undefined {
    if (text.length > MAX_CHARACTERS) return undefined;
    if (!this.#count) return fitsAll(text, this.#pattern.split(/\*+/)) ? { rows: null } : undefined;
    const found = this.#number(text, this.#count);
    if (found === undefined) return undefined;
    const [from, to] = found;
    const fits = fitsBefore(text.slice(0, from), this.#before) && fitsAfter(text.slice(to), this.#after);
    const rows = fits ? rowsOf(text.slice(from, to), this.#count) : undefined;
    return rows === undefined ? undefined : { rows };
  }

  /** Finds the number, from the side of the pattern that can match in only one place. */
  #number(text: string, count: Count): [from: number, to: number] | undefined {
    const [before, after] = [this.#before, this.#after];
    const isPart = (at: number) => isOfNumber(text[at], count);
    // A side without a star has a fixed length, and its digits do not belong to the number.
    const first = isFixed(before) ? before.pieces[0]!.length : 0;
    const last = text.length - (isFixed(after) ? after.pieces[0]!.length : 0);
    let from: number;
    let to: number;
    if (after.pieces.length === 1) {
      to = text.length - after.pieces[0]!.length;
      while (after.isOpen && to > 0 && !isDigit(text[to - 1])) to--;
      from = to;
      while (from > first && isPart(from - 1)) from--;
      while (before.isOpen && from < to && !isDigit(text[from])) from++;
    } else {
      from = before.pieces[0]!.length;
      while (before.isOpen && from < text.length && !isDigit(text[from])) from++;
      to = from;
      while (to < last && isPart(to)) to++;
    }
    return from < to ? [from, to] : undefined;
  }
}

/** The texts that a line has to hold, in their order; the first and the last may be empty. */
export function literalsOf(pattern: string): readonly string[] {
  const { count, before, after } = partsOf(pattern);
  return (count ? `${before}*${after}` : before).split(/\*+/);
}

/** What a pattern says of the number: by how much it exceeds the data records, and the mark between its thousands. */
interface Count {
  readonly others: number;
  readonly mark: string | undefined;
}

function partsOf(pattern: string): { readonly count?: Count; readonly before: string; readonly after: string } {
  const found = /\{rows(?:\+([1-9]\d{0,2}))?(?::([,.' ]))?\}/.exec(pattern);
  if (!found) return { before: pattern, after: '' };
  return {
    count: { others: Number(found[1] ?? 0), mark: found[2] },
    before: pattern.slice(0, found.index),
    after: pattern.slice(found.index + found[0].length),
  };
}

/** The number of data records in the digits of a text, with or without marks; undefined when it is no such number. */
function rowsOf(text: string, { others, mark }: Count): number | undefined {
  const digits = mark === undefined ? text : text.replaceAll(mark, '');
  const isGrouped = digits.length === text.length || /^\d{1,3}(\D\d{3})+$/.test(text);
  const rows = isGrouped && /^\d{1,15}$/.test(digits) ? Number(digits) - others : -1;
  return rows < 0 ? undefined : rows;
}

function isOfNumber(character: string | undefined, { mark }: Count): boolean {
  return character !== undefined && (isDigit(character) || character === mark);
}

/** Such a line is short: a record of megabytes is not one. */
const MAX_CHARACTERS = 4096;

/** One side of the number: texts with `*` between them. `isOpen`: a `*` is next to the number. */
interface Side {
  readonly pieces: readonly string[];
  readonly isOpen: boolean;
}

function sideOf(pattern: string, beside: 'start' | 'end'): Side {
  const stars = beside === 'end' ? /\*+$/ : /^\*+/;
  return { pieces: pattern.replace(stars, '').split(/\*+/), isOpen: stars.test(pattern) };
}

function isFixed({ pieces, isOpen }: Side): boolean {
  return pieces.length === 1 && !isOpen;
}

function fitsBefore(text: string, { pieces, isOpen }: Side): boolean {
  const last = pieces.at(-1)!;
  if (pieces.length === 1) return text.startsWith(last) && isRest(text.slice(last.length), isOpen);
  // The match nearest to the number leaves the least text for the `*` between them.
  const at = text.lastIndexOf(last);
  return at >= 0 && isRest(text.slice(at + last.length), isOpen) && fitsWith(text.slice(0, at), pieces.slice(0, -1));
}

function fitsAfter(text: string, { pieces, isOpen }: Side): boolean {
  const first = pieces[0]!;
  if (pieces.length === 1) return text.endsWith(first) && isRest(text.slice(0, text.length - first.length), isOpen);
  const at = text.indexOf(first);
  if (at < 0 || !isRest(text.slice(0, at), isOpen)) return false;
  const end = pieces.at(-1)!;
  const rest = text.slice(at + first.length);
  return rest.endsWith(end) && fitsWith(rest.slice(0, rest.length - end.length), ['', ...pieces.slice(1, -1)]);
}

/** Whether this text may be between the number and the next text of the pattern. */
function isRest(text: string, isOpen: boolean): boolean {
  return isOpen ? !/[0-9]/.test(text) : text === '';
}

/** Whether a text consists of these pieces with any text between them. */
function fitsAll(text: string, pieces: readonly string[]): boolean {
  const last = pieces.at(-1)!;
  if (pieces.length === 1) return text === last;
  return text.endsWith(last) && fitsWith(text.slice(0, text.length - last.length), pieces.slice(0, -1));
}

/** Whether a text begins with the first piece and then has the others, in this order. */
function fitsWith(text: string, [first = '', ...others]: readonly string[]): boolean {
  if (!text.startsWith(first)) return false;
  let at = first.length;
  for (const piece of others) {
    const found = text.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return true;
}

function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= '0' && character <= '9';
}
