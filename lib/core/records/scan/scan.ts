import { NightfeedError } from '../../errors.ts';
import type { Head } from '../head.ts';
import { recordSyntaxOf } from '../record-syntax.ts';
import type { RecordText } from '../record-text.ts';
import { type RecordShape, RecordWalk } from '../record-walk.ts';
import type { RejectCode } from '../reject.ts';
import type { KeyRange } from './key-range.ts';
import type { RecordSigns } from './record-signs.ts';
import { isSpare } from './spare-field.ts';
import { TextCheck } from './text-check.ts';

export { MAX_RECORD_BYTES } from '../record-walk.ts';

/** A malformed record. */
export interface ScanReject {
  /** Number of the record, from 0. */
  readonly index: number;
  /** Offset and length in bytes; the length includes the record end. */
  readonly offset: number;
  readonly length: number;
  readonly code: RejectCode;
}

/** What a reader must know before it may search for record ends without parsing. */
export interface ScanFlags {
  /** Some record holds a CR or LF inside, so records are not lines. */
  readonly quotedNewline: boolean;
  /** Some quote is misplaced, so counting quotes does not tell where records end. */
  readonly bareQuote: boolean;
}

export interface ScanOptions extends RecordShape {
  readonly guard?: RecordGuard | undefined;
  /** Why a record, by its number from 0, was none before it became text. */
  readonly faultOf?: FaultOf | undefined;
  /** Every record ends with one extra field, which is empty. */
  readonly spare?: boolean;
  /** Control characters make a record malformed. */
  readonly rejectControls?: boolean | undefined;
  /** Is told the well-formed records. */
  readonly keys?: KeyRange | undefined;
  /** Is told all records that are not blank. */
  readonly signs?: RecordSigns | undefined;
}

/** Ends the scan at a record that no file may hold, such as the header again. */
export interface RecordGuard {
  /** The record that the walk found last. */
  refuse(walk: RecordWalk): void;
}

export type FaultOf = (index: number) => RejectCode | undefined;

/** The options with which the data after this head is scanned. */
export function scanOptions(head: Head, format: RecordText): ScanOptions {
  return {
    dialect: recordSyntaxOf(format),
    fields: head.header.length,
    spare: head.spare,
    recordEnd: head.recordEnd,
    rejectControls: format.reject_control_characters,
  };
}

/** More rejects mean a wrong feed file or a wrecked delivery, and nobody reads a million of them. */
export const MAX_REJECTS = 1_000_000;

/**
 * Scans the structure of a file's data, from the first byte after its head: counts the records and finds those that
 * are malformed. Whether a record is malformed depends on its bytes alone. Throws MIXED_EOL, NO_FINAL_NEWLINE,
 * UNTERMINATED_QUOTE, HEADER_REPEATED, HEADER_UNDECLARED, RECORD_TOO_LONG and TOO_MANY_REJECTS; the scan is then over.
 */
export class StructuralScan {
  readonly #walk: RecordWalk;
  readonly #text: TextCheck;
  readonly #fields: number;
  /** Where records have to end with one. */
  readonly #delimiter: number | undefined;
  readonly #recordEndBytes: number;
  readonly #guard: RecordGuard | undefined;
  readonly #faultOf: FaultOf | undefined;
  readonly #keys: KeyRange | undefined;
  readonly #signs: RecordSigns | undefined;
  #rejects: ScanReject[] = [];
  #rejected = 0;
  #malformedAt = 0;
  #bareQuote = false;

  constructor(options: ScanOptions) {
    this.#walk = new RecordWalk(options);
    this.#text = new TextCheck(options.recordEnd, options.rejectControls === true);
    this.#delimiter = options.spare ? options.dialect.delimiter : undefined;
    this.#fields = options.fields;
    this.#recordEndBytes = options.recordEnd.length;
    this.#keys = options.keys;
    this.#signs = options.signs;
    this.#guard = options.guard;
    this.#faultOf = options.faultOf;
  }

  /** Takes a chunk of any size. Its bytes must not change until the call returns. */
  push(chunk: Buffer): void {
    this.#walk.feed(chunk);
    while (this.#walk.next()) this.#judge();
  }

  /** Ends the scan after the last chunk. */
  finish(): void {
    this.#walk.finish();
  }

  /** Records so far, rejected ones included. */
  get rows(): number {
    return this.#walk.count;
  }

  get bytes(): number {
    return this.#walk.base + this.#walk.chunk.length;
  }

  /** The last offset at which the data can be cut so that both halves read as they do together. */
  get lastRecordEnd(): number {
    return this.#walk.boundary;
  }

  /** The last record is malformed. */
  get endsBroken(): boolean {
    return this.#walk.count > 0 && this.#malformedAt === this.#walk.count;
  }

  get isWellFormed(): boolean {
    return this.#rejected === 0;
  }

  /** The rejects since the last call, in stream order. */
  takeRejects(): ScanReject[] {
    const taken = this.#rejects;
    this.#rejects = [];
    return taken;
  }

  get flags(): ScanFlags {
    return { quotedNewline: this.#walk.finder.innerNewlineEnd >= 0, bareQuote: this.#bareQuote };
  }

  get notes(): string[] {
    return [
      ...(this.#walk.skippedBlank ? ['blank lines between records'] : []),
      ...(this.#text.replacement ? ['U+FFFD in the text: characters were lost before the delivery'] : []),
    ];
  }

  #judge(): void {
    const { blank, finder } = this.#walk;
    const fault = this.#faultOf?.(this.#walk.count - 1);
    if (fault !== undefined) {
      this.#signs?.seeFault(this.#walk);
      this.#reject(fault);
      return;
    }
    if (blank) {
      this.#reject('BLANK_RECORD');
      return;
    }
    const textFault = this.#text.fault(this.#walk);
    this.#guard?.refuse(this.#walk);
    const hasFields = !finder.misquoted && finder.fields === this.#fields && this.#endsAsAllOthers();
    if (!hasFields) this.#malformedAt = this.#walk.count;
    this.#signs?.see(this.#walk, hasFields && !textFault);
    if (finder.misquoted) {
      this.#bareQuote = true;
      this.#reject('QUOTE');
    } else if (!hasFields) this.#reject('FIELD_COUNT');
    else if (textFault) this.#reject(textFault);
    else if (this.#keys) this.#observe(this.#keys);
  }

  #endsAsAllOthers(): boolean {
    if (this.#delimiter === undefined) return true;
    const record = this.#walk.bytes();
    return isSpare(record, record.length - this.#recordEndBytes, this.#delimiter);
  }

  #observe(keys: KeyRange): void {
    const { start, base, chunk } = this.#walk;
    if (start >= base) keys.observe(chunk, start - base);
    else keys.observe(this.#walk.bytes(), 0);
  }

  #reject(code: RejectCode): void {
    const { start, end, count } = this.#walk;
    if (++this.#rejected > MAX_REJECTS) {
      const message = `record ${count} at byte ${start} of the data is reject number ${this.#rejected}, for ${code}; allowed are ${MAX_REJECTS}`;
      throw new NightfeedError('TOO_MANY_REJECTS', message);
    }
    this.#rejects.push({ index: count - 1, offset: start, length: end - start, code });
  }
}
