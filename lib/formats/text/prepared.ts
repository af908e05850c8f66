import { asNightfeedError, NightfeedError } from '../../core/errors.ts';
import type { RecordPlace } from '../../core/records/record-place.ts';
import type { RecordSyntax } from '../../core/records/record-syntax.ts';
import type { Encoded, Proof } from '../../ports/file-format.ts';
import type { CommentRows } from './beside/comment-rows.ts';
import { Comments } from './beside/comments.ts';
import { EndMark } from './beside/end-mark.ts';
import type { LeftOut } from './beside/left-out.ts';
import { type LinedFormat, Preamble } from './beside/preamble.ts';
import { SkippedTail } from './beside/skipped-tail.ts';
import { Trailer } from './beside/trailer.ts';
import { FinalEnd } from './final-end.ts';
import { listed } from './line-options.ts';
import { SentText } from './sent-text.ts';
import { Trail } from './trail.ts';
import { Transcoding } from './transcode.ts';
import { type Transform, through } from './transform.ts';
import { UnmixedEnds } from './unmix-ends.ts';

export interface LineShape {
  /** How records are told apart from the lines beside them; undefined where whoever reads the records looks for comments and line ends himself. */
  readonly dialect: RecordSyntax | undefined;
  /** The first record is a header. */
  readonly headed: boolean;
  /** What Excel's first line `sep=` has to name; undefined in text without delimiters. */
  readonly separator?: string | undefined;
  /** Looks at each comment. */
  readonly comments?: CommentRows | undefined;
}

/**
 * Makes lines of records of a file's bytes: UTF-8, one kind of record end where the feed allows several, and no lines beside the data. Most
 * files are like this already and pass unchanged.
 */
export class Prepared {
  readonly preamble: Preamble;
  readonly #stages: readonly Transform[];
  readonly #transcoding: Transcoding | undefined;
  readonly #comments: Comments | undefined;
  readonly #unmixed: UnmixedEnds | undefined;
  readonly #tail: SkippedTail | undefined;
  readonly #trailer: Trailer | undefined;
  readonly #final: FinalEnd | undefined;
  readonly #mayLackEnd: boolean;
  readonly #proof: Proof | undefined;
  readonly #trails: Trails | undefined;
  /** Of the record that `to` went on to, in the text. */
  #at = 0;

  /** Without `proof` only a trailer can prove the file whole. With `isPlaced`, `place` can be asked. */
  constructor(
    format: LinedFormat,
    { dialect, headed, separator, comments }: LineShape,
    proof?: Proof,
    isPlaced?: boolean,
  ) {
    const { comment, trailer, skip } = format;
    const mayLackEnd = format.allow_missing_final_newline === true;
    this.#mayLackEnd = mayLackEnd;
    this.#proof = proof;
    this.preamble = new Preamble(format, separator);
    const trails = isPlaced ? { sent: new SentText(format), comments: new Trail(), ends: new Trail() } : undefined;
    this.#trails = trails;
    this.#comments =
      comment === undefined || !dialect
        ? undefined
        : new Comments(dialect, comment, { headed, rows: comments, trail: trails?.comments });
    this.#trailer = trailer === undefined ? undefined : new Trailer({ patterns: listed(trailer), mayLackEnd, headed });
    this.#tail = skip?.tail === undefined ? undefined : new SkippedTail(skip.tail, mayLackEnd ? proof : undefined);
    this.#transcoding = format.encoding === 'utf-8' ? undefined : new Transcoding(format, trails?.sent);
    this.#unmixed = format.allow_mixed_record_ends && dialect ? new UnmixedEnds(dialect, trails?.ends) : undefined;
    this.#final = mayLackEnd && proof && !this.#trailer && dialect ? new FinalEnd(dialect, proof) : undefined;
    const stages = [
      this.#transcoding ?? trails?.sent,
      new EndMark(),
      this.preamble,
      // The last lines are those of the file, whatever they begin with: of a rewritten dialect comments are left out later still.
      this.#tail,
      this.#trailer,
      this.#comments,
      this.#unmixed,
      this.#final,
    ];
    this.#stages = stages.filter((stage) => stage !== undefined);
  }

  bytes(chunks: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
    return this.#stages.reduce((prepared, stage) => through(stage, prepared), chunks);
  }

  /** Goes on to a byte of the prepared text, which has come. */
  to(at: number): void {
    const { comments, ends } = this.#trails!;
    this.#at = this.preamble.bytes.length + comments.sourceOf(ends.sourceOf(at));
  }

  /** Of that byte. */
  get place(): RecordPlace | undefined {
    return this.#trails!.sent.placeOf(this.#at);
  }

  /** Known after the last byte: lines that were left out, although nothing proves that they are no data. */
  get leftOut(): readonly LeftOut[] {
    return [this.preamble, this.#tail, this.#trailer].flatMap((stage) => stage?.leftOut ?? []);
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
    return this.#transcoding !== undefined || this.#movesText;
  }

  /** At the end: what the file is in its encoding, where its bytes can be told from the text. */
  get encoded(): Encoded | undefined {
    return this.#movesText ? undefined : this.#transcoding?.encoded;
  }

  get #movesText(): boolean {
    return this.#unmixed?.hasShortened === true || this.#comments?.areThere === true;
  }

  /**
   * Called after the last byte. Checks that the trailer counts as many records, and that a last record without its end is whole.
   * Throws TRAILER_MISMATCH and NO_FINAL_NEWLINE.
   */
  check(found: { readonly rows: number; readonly endsBroken: boolean }): void {
    if (this.#final && this.lacksEnd && found.endsBroken) throw brokenEnd();
    if (this.#trailer?.isFound === false) throw mismatch(`the file has no trailer; it has ${found.rows} records`);
    const says = (counts: readonly number[] = []) => counts.find((count) => count !== found.rows);
    const [first, last] = [says(this.preamble.counts), says(this.#trailer?.counts)];
    if (first !== undefined) throw mismatch(`the leader counts ${first} records; the file has ${found.rows}`);
    if (last !== undefined) throw mismatch(`the trailer counts ${last} records; the file has ${found.rows}`);
  }

  /** The same failure; where a file only lacks its last record end, with the option that would accept it. */
  explained(thrown: unknown): unknown {
    if (!(thrown instanceof NightfeedError) || thrown.name !== 'NO_FINAL_NEWLINE') return thrown;
    const { message, hint } = asNightfeedError(thrown);
    const proof = this.#trailer?.lacksOnlyEnd ? 'the trailer' : this.#proof?.();
    const told =
      proof === undefined
        ? `neither a trailer nor a manifest nor the checksum of a compressed file proves it whole${this.#mayLackEnd ? ', as `allow_missing_final_newline` asks' : ''}`
        : this.#mayLackEnd
          ? `although ${proof} proves that nothing was lost on the way`
          : `${proof} proves that nothing was lost on the way, and \`format.allow_missing_final_newline: true\` takes it`;
    return new NightfeedError('NO_FINAL_NEWLINE', `${message}; ${told}`, { hint, cause: thrown });
  }
}

/** What was sent, and what the stages that move records made of it. */
interface Trails {
  readonly sent: SentText;
  readonly comments: Trail;
  readonly ends: Trail;
}

export function brokenEnd(): NightfeedError {
  return new NightfeedError('NO_FINAL_NEWLINE', 'the last record has neither its line end nor all its fields');
}

function mismatch(message: string): NightfeedError {
  return new NightfeedError('TRAILER_MISMATCH', message);
}
