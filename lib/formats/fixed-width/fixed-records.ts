import { isAscii, isUtf8 } from 'node:buffer';
import { NightfeedError } from '../../core/errors.ts';
import { Carry } from '../../core/records/carry.ts';
import type { RejectCode } from '../../core/records/reject.ts';
import type { ByRecord } from '../text/by-record.ts';
import type { RecordFaults } from '../text/record-faults.ts';
import { RecordWriter } from '../text/record-writer.ts';
import type { Transform } from '../text/transform.ts';
import { FieldDecoder, isCutBeforeDecoding } from './field-decoder.ts';
import { FieldPlaces } from './field-places.ts';
import type { Layout } from './layout.ts';
import type { FixedWidthFormat } from './options.ts';
import type { RecordPlaces } from './record-places.ts';

/** Cuts records at the places of their fields, and writes them as record text. Equal bytes become equal text. */
export class FixedRecords implements Transform {
  readonly #layout: Layout;
  readonly #format: FixedWidthFormat;
  readonly #places: RecordPlaces;
  readonly #faults: RecordFaults;
  readonly #starts: ByRecord<number> | undefined;
  readonly #fields: FieldPlaces;
  /** Of fields that are cut before they are decoded. */
  readonly #decoder: FieldDecoder | undefined;
  readonly #nulls: readonly Buffer[];
  readonly #isBlankNull: boolean;
  readonly #carry = new Carry();
  readonly #out = new RecordWriter();
  #count = 0;
  /** Bytes before those at hand. */
  #base = 0;
  #isBlankPending = false;
  #hasBlankBetween = false;
  /** Of the bytes at hand. */
  #mayHaveTabs = false;
  #isAscii = false;

  /** `starts` is told where each record begins. */
  constructor(
    format: FixedWidthFormat,
    layout: Layout,
    places: RecordPlaces,
    faults: RecordFaults,
    starts?: ByRecord<number>,
  ) {
    this.#starts = starts;
    this.#format = format;
    this.#layout = layout;
    this.#places = places;
    this.#faults = faults;
    this.#fields = new FieldPlaces(layout);
    this.#decoder = isCutBeforeDecoding(format) ? new FieldDecoder(format.encoding) : undefined;
    const { null_values } = format;
    this.#isBlankNull = null_values.includes('');
    this.#nulls = null_values.filter((text) => text !== '').map((text) => Buffer.from(text));
  }

  get notes(): string[] {
    return this.#hasBlankBetween ? ['blank lines between records'] : [];
  }

  push(chunk: Buffer): Buffer {
    this.#carry.append(chunk);
    return this.#convert(false);
  }

  /** Throws NO_FINAL_NEWLINE and RECORD_LENGTH when the file ends within a record. */
  finish(): Buffer {
    const rest = this.#convert(true);
    const left = this.#carry.bytes().length;
    if (left === 0) return rest;
    if (this.#format.record_end === 'line')
      throw new NightfeedError(
        'NO_FINAL_NEWLINE',
        `record ${this.#count + 1}: the data ends without a line end; the file may have been cut`,
      );
    throw new NightfeedError(
      'RECORD_LENGTH',
      `the last record has ${left} bytes; expected ${this.#layout.length} ${this.#format.unit}: the file may have been cut`,
    );
  }

  /** A record alone, such as a line that was left out, as text; undefined when it is none. */
  textOf(record: Buffer): Buffer | undefined {
    this.#isAscii = isAscii(record);
    this.#mayHaveTabs = record.includes(TAB);
    if (this.#faultOf(record, 0, record.length)) return undefined;
    this.#write(record);
    return this.#out.take();
  }

  #convert(isLast: boolean): Buffer {
    const bytes = this.#carry.bytes();
    this.#isAscii = isAscii(bytes);
    this.#mayHaveTabs = bytes.includes(TAB);
    this.#places.look(bytes);
    let from = 0;
    while (from < bytes.length && this.#places.find(bytes, from, isLast)) {
      const { to, next } = this.#places;
      if (from === to) this.#isBlankPending = true;
      else this.#record(bytes, from, to);
      from = next;
    }
    this.#carry.drop(from);
    this.#base += from;
    return this.#out.take();
  }

  #record(bytes: Buffer, from: number, to: number): void {
    this.#hasBlankBetween ||= this.#isBlankPending;
    this.#starts?.add(this.#base + from);
    const fault = this.#faultOf(bytes, from, to);
    if (fault === undefined) this.#write(bytes);
    else {
      this.#faults.add(this.#count, fault);
      this.#out.reserve(to - from, 1);
      this.#out.quoted(bytes, from, to);
      this.#out.endRecord();
    }
    this.#count += 1;
  }

  #faultOf(bytes: Buffer, from: number, to: number): RejectCode | undefined {
    const { record_end, allow_tabs, unit } = this.#format;
    const { least, length } = this.#layout;
    if (unit === 'characters' && !this.#isAscii && !isUtf8(bytes.subarray(from, to))) return 'INVALID_UTF8';
    const isPlain = unit === 'bytes' || this.#isAscii || isAscii(bytes.subarray(from, to));
    const found = this.#fields.locate(bytes, from, to, isPlain);
    if (found < least || found > length) return 'RECORD_LENGTH';
    if (this.#mayHaveTabs && allow_tabs !== true && bytes.subarray(from, to).includes(TAB)) return 'TAB';
    if (record_end === 'none' && hasLineEnd(bytes.subarray(from, to))) return 'RECORD_LENGTH';
    return this.#cutsCharacter(bytes, from, to) ? 'INVALID_UTF8' : undefined;
  }

  /** A character of several bytes stands on both sides of a place where a field begins or ends, be it one that is not read. */
  #cutsCharacter(bytes: Buffer, from: number, to: number): boolean {
    if (!this.#decoder || this.#isAscii) return false;
    const { cuts } = this.#layout;
    for (let index = 1; index < cuts.length; index++) {
      const piece = bytes.subarray(from + cuts[index - 1]!, Math.min(from + cuts[index]!, to));
      if (this.#decoder.decode(piece) === undefined) return true;
    }
    return false;
  }

  /** The fields that `#faultOf` located. */
  #write(bytes: Buffer): void {
    const { names } = this.#layout;
    const { trim } = this.#format;
    const { starts, ends, size } = this.#fields;
    const out = this.#out;
    out.reserve(size, names.length);
    for (let index = 0; index < names.length; index++) {
      let start = starts[index]!;
      let end = ends[index]!;
      if (trim !== 'none') while (end > start && bytes[end - 1] === BLANK) end--;
      if (trim === 'both') while (start < end && bytes[start] === BLANK) start++;
      if (this.#decoder && !this.#isAscii) this.#writeDecoded(this.#decoder.decode(bytes.subarray(start, end))!);
      else if (this.#isNull(bytes, start, end)) out.null();
      else out.field(bytes, start, end);
    }
    out.endRecord();
  }

  #writeDecoded(text: Buffer): void {
    this.#out.reserve(text.length, this.#layout.names.length);
    if (this.#isNull(text, 0, text.length)) this.#out.null();
    else this.#out.field(text, 0, text.length);
  }

  #isNull(bytes: Buffer, start: number, end: number): boolean {
    if (start === end) return this.#isBlankNull;
    for (const text of this.#nulls)
      if (text.length === end - start && bytes.compare(text, 0, text.length, start, end) === 0) return true;
    return false;
  }
}

function hasLineEnd(record: Buffer): boolean {
  return record.includes(LF) || record.includes(CR);
}

const LF = 10;
const CR = 13;
const TAB = 9;
const BLANK = 32;
