import { NightfeedError } from '../../core/errors.ts';
import { lenientName } from '../../core/feed/identifier.ts';
import type { ReadingSpec } from '../../core/feed/reading-spec.ts';
import { contentEnd, splitRecord } from '../../core/records/fields.ts';
import { RecordEndFinder } from '../../core/records/record-end.ts';
import { type RecordSyntax, recordSyntaxOf } from '../../core/records/record-syntax.ts';
import type { RecordText } from '../../core/records/record-text.ts';
import type { RecordWalk } from '../../core/records/record-walk.ts';
import type { RecordGuard } from '../../core/records/scan/scan.ts';
import { byteOrderMark } from '../../core/records/scan/text-check.ts';
import { rowReader } from './row-reader.ts';

export interface HeaderOptions {
  /** The header's fields as sent. Without a header, the declared names in file order. */
  readonly names: readonly string[];
  readonly isDeclared: boolean;
  readonly dialect: RecordSyntax;
  /** Whether a filter of the table excludes a record with these fields. */
  leavesOut(fields: readonly string[]): boolean;
}

/**
 * Refuses a header among the data. Concatenated dumps repeat the header, often with other quotes, case or blanks, with the columns in
 * another order, or after a byte order mark. For each record only the first bytes are compared.
 */
export class HeaderAgain implements RecordGuard {
  readonly #options: HeaderOptions;
  readonly #names: readonly string[];
  readonly #sorted: string;
  /** Names in lower case by their first byte. A record that begins with none of them is not a header. */
  readonly #openings: (Buffer[] | undefined)[] = [];
  /** Bytes with which a header can begin. */
  readonly #starts = new Uint8Array(256);

  constructor(options: HeaderOptions) {
    this.#options = options;
    this.#names = withoutSpare(options.names);
    this.#sorted = sorted(this.#names);
    for (const name of new Set(this.#names.map(lenientName))) {
      const bytes = Buffer.from(name);
      const upper = Buffer.from(name.toUpperCase());
      for (const first of new Set([bytes[0], upper[0]])) {
        if (first === undefined) continue;
        this.#openings[first] = [...(this.#openings[first] ?? []), bytes];
        this.#starts[first] = 1;
      }
    }
    for (const byte of [options.dialect.quote, byteOrderMark[0]!, ...BLANKS])
      if (byte >= 0 && byte !== options.dialect.delimiter) this.#starts[byte] = 1;
  }

  /** Checks the record that was found last. Throws HEADER_REPEATED and HEADER_UNDECLARED. */
  refuse(walk: RecordWalk): void {
    const { start, base, chunk, count } = walk;
    const isFirst = count === 1 && !this.#options.isDeclared;
    if (start >= base && !isFirst && this.#starts[chunk[start - base]!] === 0) return;
    const bytes = start >= base ? chunk : walk.bytes();
    const from = start >= base ? start - base : 0;
    if (isFirst || this.#opensLikeHeader(bytes, from, from + walk.end - start)) this.#refuse(walk, isFirst);
  }

  /** Whether the first field is one of the names; case, quotes and blanks do not count. */
  #opensLikeHeader(bytes: Buffer, start: number, end: number): boolean {
    const { delimiter, quote } = this.#options.dialect;
    const isSkipped = (byte: number) => byte !== delimiter && (byte === quote || BLANKS.includes(byte));
    let from = byteOrderMark.equals(bytes.subarray(start, start + byteOrderMark.length))
      ? start + byteOrderMark.length
      : start;
    while (from < end && isSkipped(bytes[from]!)) from++;
    return (this.#openings[bytes[from]!] ?? []).some((name) => {
      let at = from;
      for (let index = 0; index < name.length; at++) {
        const byte = bytes[at]!;
        if (at >= end || byte === delimiter || byte === LF || byte === CR) return false;
        if (byte >= NOT_ASCII || name[index]! >= NOT_ASCII) return true;
        if (isSkipped(byte)) continue;
        if ((byte >= UPPER_A && byte <= UPPER_Z ? byte + 32 : byte) !== name[index++]) return false;
      }
      while (at < end && isSkipped(bytes[at]!)) at++;
      return at >= end || bytes[at] === delimiter || bytes[at] === LF || bytes[at] === CR || bytes[at]! >= NOT_ASCII;
    });
  }

  #refuse(walk: RecordWalk, isFirst: boolean): void {
    const fields = this.#fieldsOf(walk);
    if (fields === undefined || !this.#isHeader(fields, isFirst) || this.#options.leavesOut(fields)) return;
    const place = `record ${walk.count} at byte ${walk.start} of the data`;
    if (this.#options.isDeclared) throw new NightfeedError('HEADER_REPEATED', `${place} is the header again`);
    throw new NightfeedError('HEADER_UNDECLARED', `${place} holds the names of the columns; none is declared`);
  }

  #fieldsOf(walk: RecordWalk): string[] | undefined {
    const record = walk.bytes();
    const isMarked = record.subarray(0, byteOrderMark.length).equals(byteOrderMark);
    const bare = record.subarray(isMarked ? byteOrderMark.length : 0, contentEnd(record));
    const finder = new RecordEndFinder(this.#options.dialect, 'any');
    finder.find(bare, 0);
    return finder.misquoted ? undefined : splitRecord(bare, this.#options.dialect).map(({ text }) => text);
  }

  /** In a file without a declared header the first record is a header even if some names differ from the declared ones. */
  #isHeader(fields: readonly string[], isFirst: boolean): boolean {
    const sent = withoutSpare(fields);
    // In a list of words with one column, the column's name in another case may be a value.
    if (this.#names.length === 1) return sent.length === 1 && sent[0] === this.#names[0];
    if (sent.length === this.#names.length && sorted(sent) === this.#sorted) return true;
    if (!isFirst) return false;
    const known = new Set(this.#names.map(lenientName));
    const named = new Set(sent.map(lenientName).filter((name) => known.has(name)));
    return named.size * 2 > this.#names.length;
  }
}

/** Makes the check that refuses the header among the data, for records of this text with these columns. */
export function headerAgain(
  sent: Pick<HeaderOptions, 'names' | 'isDeclared'>,
  header: readonly string[],
  format: RecordText,
  reading: ReadingSpec,
): HeaderAgain {
  const read =
    reading.where === undefined && reading.drop_row_when === undefined ? undefined : rowReader(header, format, reading);
  const leavesOut = (fields: readonly string[]) => read?.(fields).isFiltered === true;
  return new HeaderAgain({ ...sent, dialect: recordSyntaxOf(format), leavesOut });
}

/** Some writers end a record with an extra delimiter. */
function withoutSpare(names: readonly string[]): readonly string[] {
  return names.length > 1 && names.at(-1) === '' ? names.slice(0, -1) : names;
}

function sorted(names: readonly string[]): string {
  return JSON.stringify(names.map(lenientName).sort());
}

const LF = 10;
const CR = 13;
const UPPER_A = 65;
const UPPER_Z = 90;
const NOT_ASCII = 128;
const BLANKS = [9, 11, 12, 32];
