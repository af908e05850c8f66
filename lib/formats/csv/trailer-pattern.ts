/**
 * The pattern of a trailer: `{rows}` is the number of data records, `*` any text. A `*` next to `{rows}` matches no digits, because these
 * belong to the number. Only patterns that match in one way are allowed, so that matching never has to backtrack.
 */
export class TrailerPattern {
  readonly #before: Side;
  readonly #after: Side;

  constructor(trailer: string) {
    const [before, after] = trailer.split(ROWS) as [string, string];
    this.#before = sideOf(before, 'end');
    this.#after = sideOf(after, 'start');
  }

  /** Why a text is not a trailer pattern. */
  static faultOf(trailer: string): string | undefined {
    const [before, after, ...more] = trailer.split(ROWS) as [string, ...(string | undefined)[]];
    if (more.length > 0) return 'a trailer holds {rows} once';
    // The schema complains about a missing `{rows}`.
    if (after === undefined) return undefined;
    const sides = [sideOf(before, 'end'), sideOf(after, 'start')] as const;
    if (sides.every(({ pieces }) => pieces.length > 1))
      return 'can be read in two ways: with a * on each side that is not beside {rows}, several numbers may be the count';
    const isDigitNextTo = [/[0-9]$/.test(before), /^[0-9]/.test(after)];
    if (sides.some(({ pieces, isOpen }, index) => isDigitNextTo[index] && (pieces.length > 1 || isOpen)))
      return 'can be read in two ways: a digit beside {rows} may belong to the number when a * stands on that side';
    return undefined;
  }

  /** The number of rows; null when the text does not fit the pattern. */
  rowsIn(text: string): number | null {
    if (text.length > MAX_CHARACTERS) return null;
    const digits = this.#digits(text);
    if (digits === null) return null;
    const [from, to] = digits;
    const fits = fitsBefore(text.slice(0, from), this.#before) && fitsAfter(text.slice(to), this.#after);
    return fits && to > from && to - from <= MAX_DIGITS ? Number(text.slice(from, to)) : null;
  }

  /** Finds the digits of the number, from the side of the pattern that can match in only one place. */
  #digits(text: string): [from: number, to: number] | null {
    const [before, after] = [this.#before, this.#after];
    // A side without a star has a fixed length, and its digits do not belong to the number.
    const first = isFixed(before) ? before.pieces[0]!.length : 0;
    const last = text.length - (isFixed(after) ? after.pieces[0]!.length : 0);
    if (after.pieces.length === 1) {
      let to = text.length - after.pieces[0]!.length;
      while (after.isOpen && to > 0 && !isDigit(text[to - 1])) to--;
      let from = to;
      while (from > first && isDigit(text[from - 1])) from--;
      return from < to ? [from, to] : null;
    }
    let from = before.pieces[0]!.length;
    while (before.isOpen && from < text.length && !isDigit(text[from])) from++;
    let to = from;
    while (to < last && isDigit(text[to])) to++;
    return from < to ? [from, to] : null;
  }
}

const ROWS = '{rows}';
const MAX_DIGITS = 15;
/** A trailer is a short line: a record of megabytes is not one. */
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
