import { NightfeedError } from '../errors.ts';
import type { Format } from '../feed/spec.ts';
import type { Head } from './header/head.ts';
import type { HeaderAgain } from './header/header-again.ts';
import type { KeyRange } from './key-range.ts';
import type { RecordSigns } from './record-signs.ts';
import { recordSyntaxOf } from './record-syntax.ts';
import { type RecordShape, RecordWalk } from './record-walk.ts';
import type { RejectCode } from './reject.ts';
import { isSpare } from './spare-field.ts';
import { TextCheck } from './text-check.ts';

export { MAX_RECORD_BYTES } from './record-walk.ts';

/** A record that cannot be read. */
export interface ScanReject {
  /** Number of the record, from 0. */
  readonly index: number;
  /** In bytes; the length includes the record end. */
  readonly offset: number;
  readonly length: number;
  readonly code: RejectCode;
}

/** What a reader that skips through the bytes must know. */
export interface ScanFlags {
  /** Some record holds a CR or LF that does not end it: records are not lines. */
  readonly quotedNewline: boolean;
  /** Some quote opens or closes nothing: counting quotes does not tell where records end. */
  readonly bareQuote: boolean;
}

export interface ScanOptions extends RecordShape {
  /** Refuses the header among the data. */
  readonly header?: HeaderAgain | undefined;
  /** Every record ends with one field more, which is empty. */
  readonly spare?: boolean;
  /** Control characters spoil a record. */
  readonly rejectControls?: boolean | undefined;
  /** Sees the sound records. */
  readonly keys?: KeyRange | undefined;
  /** Sees all records that are not blank. */
  readonly signs?: RecordSigns | undefined;
}

/** How the data behind this head has to be scanned. */
export function scanOptions(head: Head, format: Format): ScanOptions {
  return {
    dialect: recordSyntaxOf(format),
    fields: head.header.length,
    spare: head.spare,
    recordEnd: head.recordEnd,
    rejectControls: format.reject_control_characters,
  };
}

/** More means a wrong feed file or a wrecked delivery; nobody reads a million rejects. */
export const MAX_REJECTS = 1_000_000;

/**
 * The strict structure of a file's data, from the first byte after its head: how many records there are, and which of them
 * cannot be read. What becomes of a record depends on its bytes alone. Throws MIXED_EOL, NO_FINAL_NEWLINE,
 * UNTERMINATED_QUOTE, HEADER_REPEATED, HEADER_UNDECLARED, RECORD_TOO_LONG and TOO_MANY_REJECTS; the scan is then over.
 */
export class StructuralScan {
  readonly #walk: RecordWalk;
  readonly #text: TextCheck;
  readonly #fields: number;
  /** Where records have to end with one. */
  readonly #delimiter: number | undefined;
  readonly #recordEndBytes: number;
  readonly #header: HeaderAgain | undefined;
  readonly #keys: KeyRange | undefined;
  readonly #signs: RecordSigns | undefined;
  #rejects: ScanReject[] = [];
  #rejected = 0;
  #brokenAt = 0;
  #bareQuote = false;

  constructor(options: ScanOptions) {
    this.#walk = new RecordWalk(options);
    this.#text = new TextCheck(options.recordEnd, options.rejectControls === true);
    this.#delimiter = options.spare ? options.dialect.delimiter : undefined;
    this.#fields = options.fields;
    this.#recordEndBytes = options.recordEnd.length;
    this.#keys = options.keys;
    this.#signs = options.signs;
    this.#header = options.header;
  }

  /** Chunks of any size. The bytes must not change until the call returns. */
  push(chunk: Buffer): void {
    this.#walk.feed(chunk);
    while (this.#walk.next()) this.#judge();
  }

  /** After the last chunk. */
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

  /** Where the data may be cut in two that read the same apart as together. */
  get lastRecordEnd(): number {
    return this.#walk.boundary;
  }

  /** The last record does not have its fields. */
  get endsBroken(): boolean {
    return this.#walk.count > 0 && this.#brokenAt === this.#walk.count;
  }

  get isWellFormed(): boolean {
    return this.#rejected === 0;
  }

  /** Those since the last call, in stream order. */
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
    if (blank) {
      this.#reject('BLANK_RECORD');
      return;
    }
    const textFault = this.#text.fault(this.#walk);
    this.#header?.refuse(this.#walk);
    const hasFields = !finder.misquoted && finder.fields === this.#fields && this.#endsAsAllOthers();
    if (!hasFields) this.#brokenAt = this.#walk.count;
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
