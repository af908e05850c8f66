import { asNightfeedError, NightfeedError } from '../../core/errors.ts';
import { recordSyntaxOf } from '../../core/records/record-syntax.ts';
import type { Proof } from '../../ports/file-format.ts';
import { EndMark } from './end-mark.ts';
import { FinalEnd } from './final-end.ts';
import type { CsvFormat } from './options.ts';
import { Trailer } from './trailer.ts';
import { transcoding } from './transcode.ts';
import { type Transform, through } from './transform.ts';
import { UnmixedEnds } from './unmix-ends.ts';

/**
 * Makes record text of a file's bytes: UTF-8, one kind of record end where the feed allows several, no trailer and no end mark. Most
 * files are like this already and pass unchanged.
 */
export class Prepared {
  readonly #stages: readonly Transform[];
  readonly #isTranscoded: boolean;
  readonly #unmixed: UnmixedEnds | undefined;
  readonly #trailer: Trailer | undefined;
  readonly #final: FinalEnd | undefined;
  readonly #mayLackEnd: boolean;
  readonly #proof: Proof | undefined;

  /** Without `proof` only a trailer can prove the file whole. */
  constructor(format: CsvFormat, proof?: Proof) {
    const dialect = recordSyntaxOf(format);
    const { trailer, header: headed } = format;
    const mayLackEnd = format.allow_missing_final_newline === true;
    this.#mayLackEnd = mayLackEnd;
    this.#proof = proof;
    this.#trailer = trailer === undefined ? undefined : new Trailer({ dialect, trailer, mayLackEnd, headed });
    this.#isTranscoded = format.encoding !== 'utf-8';
    this.#unmixed = format.allow_mixed_record_ends ? new UnmixedEnds(dialect) : undefined;
    this.#final = mayLackEnd && proof && !this.#trailer ? new FinalEnd(dialect, proof) : undefined;
    const stages = [transcoding(format), new EndMark(), this.#unmixed, this.#trailer, this.#final];
    this.#stages = stages.filter((stage) => stage !== undefined);
  }

  bytes(chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
    return this.#stages.reduce((prepared, stage) => through(stage, prepared), chunks);
  }

  get notes(): string[] {
    return this.#stages.flatMap((stage) => stage.notes);
  }

  /** Known after the last byte: the last record end was missing, and something proved the file whole. */
  get lacksEnd(): boolean {
    return [this.#trailer, this.#final].some((stage) => stage !== undefined && stage.notes.length > 0);
  }

  /** At the end: bytes before others were put in, left out or rewritten. */
  get movesBytes(): boolean {
    return this.#isTranscoded || this.#unmixed?.hasShortened === true;
  }

  /**
   * Called after the last byte. Checks that the trailer counts as many records, and that a last record without its end is whole.
   * Throws TRAILER_MISMATCH and NO_FINAL_NEWLINE.
   */
  check(found: { readonly rows: number; readonly endsBroken: boolean }): void {
    if (this.#final && this.lacksEnd && found.endsBroken)
      throw new NightfeedError('NO_FINAL_NEWLINE', 'the last record has neither its line end nor all its fields');
    if (this.#trailer === undefined || this.#trailer.rows === found.rows) return;
    const { rows } = this.#trailer;
    const said = rows === null ? 'the file has no trailer' : `the trailer counts ${rows} records`;
    throw new NightfeedError('TRAILER_MISMATCH', `${said}; the file has ${found.rows}`);
  }

  /** The same failure; where a file only lacks its last record end, with the option that would accept it. */
  explained(thrown: unknown): unknown {
    if (!(thrown instanceof NightfeedError) || thrown.name !== 'NO_FINAL_NEWLINE') return thrown;
    const { message, hint } = asNightfeedError(thrown);
    const proof = this.#trailer?.lacksOnlyEnd ? 'the trailer' : this.#proof?.();
    const told =
      proof === undefined
        ? `neither a trailer nor a manifest nor the checksum of a gzip, zip or zstd file proves it whole${this.#mayLackEnd ? ', as `allow_missing_final_newline` asks' : ''}`
        : this.#mayLackEnd
          ? `although ${proof} proves that nothing was lost on the way`
          : `${proof} proves that nothing was lost on the way, and \`format.allow_missing_final_newline: true\` takes it`;
    return new NightfeedError('NO_FINAL_NEWLINE', `${message}; ${told}`, { hint, cause: thrown });
  }
}
