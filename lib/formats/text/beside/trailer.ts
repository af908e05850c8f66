import { NightfeedError } from '../../../core/errors.ts';
import { excerpt, excerpts } from '../../../core/shown-text.ts';
import type { Transform } from '../transform.ts';
import { LastLines } from './last-lines.ts';
import { type LeftOut, leftOutAs } from './left-out.ts';
import { LinePattern } from './line-pattern.ts';

interface TrailerOptions {
  /** What the last lines must look like. */
  readonly patterns: readonly string[];
  /** The last line may lack its end. */
  readonly mayLackEnd: boolean;
  readonly headed: boolean;
}

/** Removes the trailer. The caller compares the number of rows. Throws TRAILER_MISMATCH, and RECORD_TOO_LONG when no line ends. */
export class Trailer implements Transform {
  readonly notes: string[] = [];
  isFound = false;
  /** The numbers of data records that it says. */
  counts: readonly number[] = [];
  /** The trailer is there, but lacks its line end, which is not allowed. */
  lacksOnlyEnd = false;
  leftOut: readonly LeftOut[] = [];
  readonly #options: TrailerOptions;
  readonly #last: LastLines;

  constructor(options: TrailerOptions) {
    this.#options = options;
    this.#last = new LastLines(options.patterns.length);
  }

  push(chunk: Buffer): Buffer {
    return this.#last.push(chunk);
  }

  finish(): Buffer {
    const { patterns, mayLackEnd, headed } = this.#options;
    const { texts, lacksEnd, bytes, follow } = this.#last;
    // A header is no trailer. A file without bytes is refused by the code that reads its head.
    const isTooShort = texts.length < patterns.length || (headed && !follow);
    if (isTooShort) return bytes;
    const matches = patterns.map((pattern, index) => new LinePattern(pattern).match(texts[index]!));
    const fits = matches.every((match) => match !== undefined);
    if (lacksEnd && !mayLackEnd) {
      this.lacksOnlyEnd = fits;
      return bytes;
    }
    if (!fits) throw mismatch(texts, patterns);
    this.isFound = true;
    this.leftOut = patterns.flatMap((pattern, index) => leftOutAs('trailer', pattern, Buffer.from(texts[index]!)));
    this.counts = matches.flatMap(({ rows }) => rows ?? []);
    if (lacksEnd) this.notes.push('no final line end; the trailer proves the file whole');
    return Buffer.alloc(0);
  }
}

function mismatch(texts: readonly string[], patterns: readonly string[]): NightfeedError {
  const [found, expected] =
    patterns.length === 1
      ? [`the last line ${excerpt(texts[0]!)} is not a trailer`, excerpt(patterns[0]!)]
      : [`the last lines ${excerpts(texts, SHOWN)} are not the trailer`, excerpts(patterns, SHOWN)];
  return new NightfeedError('TRAILER_MISMATCH', `${found}; expected ${expected}`);
}

const SHOWN = { told: 5, most: 60 };
