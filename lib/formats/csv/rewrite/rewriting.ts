import { type ErrorName, NightfeedError } from '../../../core/errors.ts';
import { contentEnd } from '../../../core/records/fields.ts';
import { isLineEnd } from '../../../core/records/lines.ts';
import { MAX_RECORD_BYTES } from '../../../core/records/record-walk.ts';
import type { RejectCode } from '../../../core/records/reject.ts';
import type { FaultOf } from '../../../core/records/scan/scan.ts';
import type { Proof } from '../../../ports/file-format.ts';
import type { CommentRows } from '../../text/beside/comment-rows.ts';
import type { Trail } from '../../text/trail.ts';
import type { Transform } from '../../text/transform.ts';
import type { Dialect } from './dialect.ts';
import { MORE } from './record-ends.ts';
import { RecordRewriter } from './record-rewriter.ts';

export interface RewritingOptions {
  readonly dialect: Dialect;
  /** The first record is a header. */
  readonly headed: boolean;
  /** What proves the file whole where it may lack its last record end. */
  readonly proof: Proof | undefined;
  /** Looks at each comment. */
  readonly comments?: CommentRows | undefined;
  /** Is told where each record came from. */
  readonly trail?: Trail | undefined;
}

/**
 * Rewrites a file's records as record text. Throws NO_FINAL_NEWLINE, UNTERMINATED_QUOTE, MIXED_EOL, RECORD_TOO_LONG, and DATA_AFTER_END
 * where something follows the line that ends the data.
 */
export class Rewriting implements Transform {
  /** The last record end was missing, and something proved the file whole. */
  lacksEnd = false;
  readonly #options: RewritingOptions;
  readonly #records: RecordRewriter;
  /** The bytes that are not rewritten yet. */
  #bytes = Buffer.alloc(0);
  #length = 0;
  /** With fewer bytes another try is not worth it. It is twice what the last one had, so that tiny chunks cost linear time. */
  #enough = 0;
  #out = Buffer.alloc(0);
  /** Where these bytes stand, and how many records stand before them. */
  #base = 0;
  #given = 0;
  #at = 0;
  #count = 0;
  #blanks = 0;
  #comments = 0;
  #isOver = false;
  /** A record behind the first begins with a line end, which then belongs to each record end. */
  #beginsWithLineEnd = false;
  #hasFinalLineEnd = false;
  readonly #faults: Fault[] = [];
  #proven: string | undefined;

  constructor(options: RewritingOptions) {
    this.#options = options;
    this.#records = new RecordRewriter(options.dialect, () => this.#place());
  }

  get notes(): string[] {
    const { ends, lazyFields } = this.#records;
    return [
      ...ends.notes,
      ...(this.#comments > 0 ? [`${this.#comments} comment line(s) left out`] : []),
      ...(lazyFields > 0 ? [`${lazyFields} field(s) with quotes that were read as text`] : []),
      ...(this.#hasFinalLineEnd ? ['a line end behind the last record end'] : []),
      ...(this.lacksEnd ? [`no final line end; ${this.#proven} proves the file whole`] : []),
    ];
  }

  push(chunk: Buffer): Buffer {
    this.#append(chunk);
    return this.#length < this.#enough ? NOTHING : this.#rewrite(false);
  }

  finish(): Buffer {
    return this.#rewrite(true);
  }

  /** Why a record is none; asked once for each record, in their order. `columns`: with one, a blank line is a record. */
  faultOf(columns: number): FaultOf {
    const before = this.#options.headed ? 1 : 0;
    const placeOf = ({ count, blanks }: Fault) => count - before + (columns === 1 ? blanks : 0);
    return (index) => {
      while (this.#faults.length > 0 && placeOf(this.#faults[0]!) < index) this.#faults.shift();
      const [first] = this.#faults;
      return first && placeOf(first) === index ? first.code : undefined;
    };
  }

  #append(chunk: Buffer): void {
    const length = this.#length + chunk.length;
    // One byte more, which ends every search.
    if (length >= this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(2 * this.#bytes.length, length + 1));
      this.#bytes.copy(larger, 0, 0, this.#length);
      this.#bytes = larger;
    }
    chunk.copy(this.#bytes, this.#length);
    this.#length = length;
    this.#bytes[length] = LF;
  }

  #rewrite(isEnded: boolean): Buffer {
    const records = this.#records;
    const length = this.#length;
    // Each byte becomes at most three: an empty field that is no null has two quotes and a comma.
    if (this.#out.length < 3 * length + ROOM) this.#out = Buffer.allocUnsafe(4 * length + ROOM);
    records.begin({ bytes: this.#bytes, length, isEnded }, this.#out);
    for (this.#at = 0; this.#at < length; ) {
      if (isEnded && this.#isFinalLineEnd() && !this.#beginsWithLineEnd) {
        this.#hasFinalLineEnd = true;
        this.#at = length;
        break;
      }
      if (this.#isOver) throw this.#failure('DATA_AFTER_END', 'the line before it ends the data');
      const given = this.#given + records.filled;
      const next = records.next(this.#at);
      if (next === MORE) break;
      this.#options.trail?.mark(given, this.#base + this.#at);
      this.#see(next);
      this.#at = next;
    }
    this.#keepRest();
    this.#given += records.filled;
    return Buffer.from(this.#out.subarray(0, records.filled));
  }

  /** Takes note of what was read last. */
  #see(next: number): void {
    const { kind, fault, lacksEnd } = this.#records;
    if (kind === 'end') this.#isOver = true;
    else if (kind === 'comment') this.#seeComment(next);
    else if (kind === 'blank') this.#blanks += 1;
    else {
      if (fault) this.#faults.push({ code: fault, count: this.#count, blanks: this.#blanks });
      if (lacksEnd) this.#proveWhole(fault);
      if (this.#count > 0 && isLineEnd(this.#bytes[this.#at])) this.#beginsWithLineEnd = true;
      this.#count += 1;
    }
  }

  /**
   * Whether nothing but a line end is left, which an editor or a copying program puts behind the last byte. It is no record: the record end before it
   * proves that nothing was cut there.
   */
  #isFinalLineEnd(): boolean {
    const { recordEnd } = this.#options.dialect;
    if (recordEnd === undefined || /^[\r\n]+$/.test(recordEnd.toString()) || this.#count === 0) return false;
    const left = this.#length - this.#at;
    return left <= CRLF && ['\n', '\r\n'].includes(this.#bytes.toString('latin1', this.#at, this.#length));
  }

  /** A comment before the header is no row. */
  #seeComment(next: number): void {
    this.#comments += 1;
    if (this.#options.headed && this.#count === 0) return;
    const line = this.#bytes.subarray(this.#at, next);
    const end = this.#options.dialect.recordEnd;
    const isEnded = end !== undefined && line.subarray(-end.length).equals(end);
    this.#options.comments?.see(line.subarray(0, isEnded ? line.length - end.length : contentEnd(line)));
  }

  #proveWhole(fault: RejectCode | undefined): void {
    this.#proven = fault ? undefined : this.#options.proof?.();
    if (this.#proven === undefined) {
      const way = this.#isFinalLineEnd() ? '; a line end follows each record end: let `record_end` end with it' : '';
      throw this.#failure('NO_FINAL_NEWLINE', `the data ends without its record end; the file may have been cut${way}`);
    }
    this.lacksEnd = true;
  }

  #keepRest(): void {
    const rest = this.#length - this.#at;
    if (rest > MAX_RECORD_BYTES)
      throw this.#failure('RECORD_TOO_LONG', `longer than the allowed ${MAX_RECORD_BYTES} bytes`);
    this.#bytes.copyWithin(0, this.#at, this.#length + 1);
    this.#base += this.#at;
    this.#at = 0;
    this.#length = rest;
    this.#enough = 2 * rest;
  }

  #failure(name: ErrorName, message: string): NightfeedError {
    return new NightfeedError(name, `${this.#place()}: ${message}`);
  }

  /** The record that is being read. Its byte counts from the first behind the lines before the data, the header among them. */
  #place(): string {
    return `record ${this.#count + 1}${this.#options.headed ? ', counted with the header,' : ''} at byte ${this.#base + this.#at}`;
  }
}

interface Fault {
  readonly code: RejectCode;
  /** Records and blank lines before it. */
  readonly count: number;
  readonly blanks: number;
}

const NOTHING = Buffer.alloc(0);
const ROOM = 16;
const CRLF = 2;
const LF = 10;
