import { z } from 'zod';
import { type Stored, storedCount, storedTexts } from '../../objects/stored.ts';
import { excerpt } from '../../shown-text.ts';
import { contentEnd } from '../fields.ts';
import type { RecordSyntax } from '../record-syntax.ts';

export const backslashesSchema = z.object({
  /** A backslash stands before a delimiter, a quote or a line end: the vendor probably meant to escape it. */
  breaking: storedCount,
  /** None of these, but two backslashes in a row. */
  doubled: storedCount,
  /** Neither, but a field that is `\N`. */
  nulls: storedCount,
  /** Backslashes that a writer who escapes would have doubled, and those that speak for such a writer. */
  plain: storedCount,
  escapes: storedCount,
  /** The first such records, safe to be shown. */
  shown: storedTexts,
});

/** Records whose backslashes look like escapes. We read a backslash as an ordinary character. */
export type Backslashes = Stored<typeof backslashesSchema>;

const SHOWN_RECORDS = 3;
const SHOWN_CHARACTERS = 120;

/** Counts backslashes by what follows them. */
export class BackslashCount {
  readonly #dialect: RecordSyntax;
  readonly #shown: string[] = [];
  #breaking = 0;
  #doubled = 0;
  #nulls = 0;
  #plain = 0;
  #escapes = 0;

  constructor(dialect: RecordSyntax) {
    this.#dialect = dialect;
  }

  get found(): Backslashes | null {
    const [breaking, doubled, nulls] = [this.#breaking, this.#doubled, this.#nulls];
    if (breaking + doubled + nulls === 0) return null;
    return { breaking, doubled, nulls, plain: this.#plain, escapes: this.#escapes, shown: this.#shown };
  }

  /** Takes a record with a backslash. */
  look(record: Buffer, misquoted: boolean): void {
    const end = contentEnd(record);
    const kinds = new Set<Kind>();
    for (let at = record.indexOf(BACKSLASH); at >= 0 && at < end; at = record.indexOf(BACKSLASH, at + 2)) {
      const kind = this.#kindOf(record, at, end, misquoted);
      if (kind === 'plain') this.#plain += 1;
      else if (kind !== 'unclear') this.#escapes += 1;
      kinds.add(kind);
    }
    if (kinds.has('breaking')) this.#breaking += 1;
    else if (kinds.has('doubled')) this.#doubled += 1;
    else if (kinds.has('null')) this.#nulls += 1;
    else return;
    if (this.#shown.length < SHOWN_RECORDS && !kinds.has('plain'))
      this.#shown.push(excerpt(record.toString('utf8', 0, end), SHOWN_CHARACTERS));
  }

  #kindOf(record: Buffer, at: number, end: number, misquoted: boolean): Kind {
    const { delimiter, quote } = this.#dialect;
    const next = record[at + 1];
    if (at + 1 >= end || next === delimiter || next === LF || next === CR) return 'breaking';
    if (next === BACKSLASH) return 'doubled';
    // In a well-formed record `\""` is a backslash and a quote of the text, as JSON within CSV has it.
    if (next === quote) return misquoted || record[at + 2] !== quote ? 'breaking' : 'unclear';
    if (next === CAPITAL_N && isBorder(record[at - 1]) && (at + 2 >= end || isBorder(record[at + 2]))) return 'null';
    // Escapes that also occur in Windows paths (`\new`) or in JSON.
    return OTHER_ESCAPES.includes(next!) ? 'unclear' : 'plain';

    function isBorder(byte: number | undefined): boolean {
      return byte === undefined || byte === delimiter || byte === quote;
    }
  }
}

type Kind = 'breaking' | 'doubled' | 'null' | 'unclear' | 'plain';

const OTHER_ESCAPES = Buffer.from('nrtbfv0Z"\'');
const LF = 10;
const CR = 13;
const CAPITAL_N = 78;
export const BACKSLASH = 92;
