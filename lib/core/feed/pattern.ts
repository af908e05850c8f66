import { fitsWildcards } from '../wildcards.ts';
import { isBusinessDate } from './business-date.ts';
import { type DateUnit, type Piece, piecesOf, readerOf } from './values/date-form.ts';

/** Whether a file name fits a pattern in which `*` is any text and `?` any character. */
export function matchesPattern(pattern: string, name: string, ignoreCase = false): boolean {
  return new NamePattern(pattern, ignoreCase).fits(name);
}

/** Gives the same text for names that differ only in case. */
export function fold(name: string): string {
  return name.toLowerCase();
}

/** The generation of a file, as its name tells it. */
export interface NameReading {
  /** The part of the date that the pattern has: `2026`, `2026-01` or `2026-01-02`. null without a date. */
  readonly date: string | null;
  /** Digits; null without a counter. */
  readonly counter: string | null;
}

/**
 * A pattern of file names with placeholders for dates and a counter. Reading a name takes no more steps than both lengths
 * multiplied, and no text of a user's or a vendor's becomes a regular expression.
 */
export class NamePattern {
  readonly #atoms: readonly Atom[];
  readonly #ignoreCase: boolean;
  /** The pattern's text when `*` and `?` are its only placeholders. */
  readonly #plain: string | undefined;

  constructor(text: string, ignoreCase = false) {
    const pieces = ignoreCase ? piecesOf(text).map(folded) : piecesOf(text);
    this.#atoms = atomsOf(pieces);
    this.#ignoreCase = ignoreCase;
    const texts = pieces.flatMap((piece) => (piece.kind === 'text' ? [piece.text] : []));
    this.#plain = texts.length === pieces.length ? texts.join('') : undefined;
  }

  /** Like `read`, but only says whether the name fits. It keeps no places, because a folder may have many names. */
  fits(name: string): boolean {
    if (this.#plain === undefined) return this.read(name) !== undefined;
    return fitsWildcards(this.#ignoreCase ? fold(name) : name, this.#plain, WILDCARDS);
  }

  /** undefined when the name does not fit, `ambiguous` when it can be read in two ways. */
  read(name: string): NameReading | 'ambiguous' | undefined {
    const characters = [...(this.#ignoreCase ? fold(name) : name)];
    const reached = this.#reach(characters);
    if (!reached) return undefined;
    const said = this.#valuesIn(characters, reached);
    if (said.some((values) => values.size > 1)) return 'ambiguous';
    const says: Partial<Record<Says, string>> = {};
    for (const [index, { says: what }] of this.#atoms.entries()) {
      if (what === undefined) continue;
      const [value] = said[index]!;
      // The pattern has this part of the date twice: no date gives a name in which the two differ.
      if ((says[what] ?? value) !== value) return undefined;
      says[what] = value!;
    }
    const date = [says.year, says.month, says.day].filter((part) => part !== undefined).join('-');
    if (date.length === 'YYYY-MM-DD'.length && !isBusinessDate(date)) return undefined;
    return { date: date || null, counter: says.counter ?? null };
  }

  /** The places where each atom can begin, then those where the last one ends; undefined when the name does not fit. */
  #reach(name: readonly string[]): Set<number>[] | undefined {
    const reached = [new Set([0])];
    for (const [index, { isStar, ends }] of this.#atoms.entries()) {
      const starts = reached[index]!;
      const next = isStar ? upTo(first(starts), name.length) : [...starts].flatMap((at) => ends(name, at).map(placeOf));
      if (next.length === 0) return undefined;
      reached.push(new Set(next));
    }
    return reached.at(-1)!.has(name.length) ? reached : undefined;
  }

  /** For each atom, all values that it has in some reading of the whole name. */
  #valuesIn(name: readonly string[], reached: readonly ReadonlySet<number>[]): Set<string>[] {
    const values = this.#atoms.map(() => new Set<string>());
    let goals = new Set([name.length]);
    for (const [index, { isStar, ends }] of [...this.#atoms.entries()].reverse()) {
      const last = [...goals].reduce((a, b) => Math.max(a, b));
      const starts = [...reached[index]!].filter((at) => {
        if (isStar) return at <= last;
        const ways = ends(name, at).filter(([end]) => goals.has(end));
        for (const [, value] of ways) if (value !== undefined) values[index]!.add(value);
        return ways.length > 0;
      });
      goals = new Set(starts);
    }
    return values;
  }
}

const WILDCARDS = { anyText: '*', anyCharacter: '?' };

type Says = DateUnit | 'counter';
type End = readonly [end: number, value?: string];

interface Atom {
  readonly says?: Says;
  readonly isStar?: boolean;
  /** Where an atom that begins here can end, and the value that it then has. */
  ends(name: readonly string[], at: number): readonly End[];
}

const placeOf = ([end]: End) => end;
/** A loop instead of Math.min(...places): a long name has more places than a call takes arguments. */
const first = (places: ReadonlySet<number>) => [...places].reduce((a, b) => Math.min(a, b));
const upTo = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, index) => first + index);
const isDigit = (character: string | undefined) => character !== undefined && character >= '0' && character <= '9';

function folded(piece: Piece): Piece {
  if (piece.kind === 'text') return { ...piece, text: fold(piece.text) };
  if (piece.kind !== 'date') return piece;
  const { part } = piece;
  return { ...piece, part: { ...part, write: (value) => fold(part.write(value)) } };
}

function atomsOf(pieces: readonly Piece[]): Atom[] {
  const atoms: Atom[] = [];
  for (const piece of pieces) {
    if (piece.kind === 'text') atoms.push(...textAtoms(piece.text));
    else if (piece.kind === 'counter') atoms.push(counterAtom(atoms.at(-1)));
    else {
      const { part } = piece;
      const read = readerOf(part);
      const ends: Atom['ends'] = (name, at) =>
        read(name, at).map(({ end, value }) => [end, String(value).padStart(2, '0')]);
      atoms.push({ says: part.unit, ends });
    }
  }
  return atoms;
}

const star: Atom = { isStar: true, ends: () => [] };
const any: Atom = { ends: (name, at) => (at < name.length ? [[at + 1]] : []) };

function textAtoms(text: string): Atom[] {
  return text.split(/([*?])/).flatMap((run): Atom[] => {
    if (run === '*') return [star];
    if (run === '?') return [any];
    const wanted = [...run];
    const fits = (name: readonly string[], at: number) =>
      wanted.every((character, index) => name[at + index] === character);
    return wanted.length === 0 ? [] : [{ ends: (name, at) => (fits(name, at) ? [[at + wanted.length]] : []) }];
  });
}

/** A counter takes all digits that stand together. A wildcard beside it takes none of them. */
function counterAtom(before: Atom | undefined): Atom {
  const isWild = before === star || before === any;
  return {
    says: 'counter',
    ends: (name, at) => {
      if (isWild && isDigit(name[at - 1])) return [];
      let end = at;
      while (isDigit(name[end])) end += 1;
      return end === at ? [] : [[end, name.slice(at, end).join('')]];
    },
  };
}
