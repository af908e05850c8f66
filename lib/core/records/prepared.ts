import { NightfeedError } from '../errors.ts';
import type { Format } from '../feed/spec.ts';
import { dialectOf } from './dialect.ts';
import { FinalEnd } from './final-end.ts';
import { type Stage, through } from './stage.ts';
import { Trailer } from './trailer.ts';
import { transcoding } from './transcode.ts';
import { UnmixedEnds } from './unmix-ends.ts';

/**
 * A file's bytes as everybody reads them from landing on: in UTF-8, with one kind of record end where the feed allows
 * several, without trailer. Most files are so from the start, and pass untouched.
 */
export class Prepared {
  readonly #stages: readonly Stage[];
  readonly #trailer: Trailer | undefined;

  /** `proven`: somebody else vouches for the file's size or content, so that it cannot have been cut. */
  constructor(format: Format, proven = false) {
    const dialect = dialectOf(format);
    this.#trailer =
      format.trailer === undefined
        ? undefined
        : new Trailer({
            dialect,
            trailer: format.trailer,
            mayLackEnd: format.allow_missing_final_newline === true,
            headed: format.header,
          });
    const unmixed = format.allow_mixed_record_ends ? new UnmixedEnds(dialect) : undefined;
    const mayLackEnd = proven && format.allow_missing_final_newline === true && this.#trailer === undefined;
    const final = mayLackEnd ? new FinalEnd(dialect) : undefined;
    this.#stages = [transcoding(format.encoding), unmixed, this.#trailer, final].filter((stage) => stage !== undefined);
  }

  bytes(chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
    return this.#stages.reduce((prepared, stage) => through(stage, prepared), chunks);
  }

  get notes(): string[] {
    return this.#stages.flatMap((stage) => stage.notes);
  }

  /** At the end: whether the trailer counts as many records. Throws TRAILER_MISMATCH. */
  checkRows(found: number): void {
    if (this.#trailer === undefined || this.#trailer.rows === found) return;
    const { rows } = this.#trailer;
    const said = rows === null ? 'the file has no trailer' : `the trailer counts ${rows} records`;
    throw new NightfeedError('TRAILER_MISMATCH', `${said}; the file has ${found}`);
  }
}
