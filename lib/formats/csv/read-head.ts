import { isUtf8 } from 'node:buffer';
import { MAGIC_BYTES } from '../../core/archives/magic.ts';
import { NightfeedError } from '../../core/errors.ts';
import { type HeaderChange, noSchemaChange } from '../../core/feed/schema-change.ts';
import { type Binding, bindHeader } from '../../core/records/bind-header.ts';
import { splitRecord } from '../../core/records/fields.ts';
import type { Head } from '../../core/records/head.ts';
import { MORE, RecordEndFinder } from '../../core/records/record-end.ts';
import { recordSyntaxOf } from '../../core/records/record-syntax.ts';
import { MAX_RECORD_BYTES } from '../../core/records/record-walk.ts';
import { hasSpareField } from '../../core/records/scan/spare-field.ts';
import { byteOrderMark } from '../../core/records/scan/text-check.ts';
import { asDeclared, sentNameOf } from '../../core/records/sent-names.ts';
import type { RecordEnd } from '../../core/run/file-parts.ts';
import { excerpt, excerpts } from '../../core/shown-text.ts';
import { refuseOtherFormats } from '../text/other-formats.ts';
import { refuseOtherText } from '../text/other-text.ts';
import type { CsvFormat } from './options.ts';
import { otherDelimiter } from './other-delimiter.ts';

/** What precedes the data of a file. */
export interface CsvHead extends Head {
  /** Bytes of byte order mark, header record and its record end; the data starts here. */
  readonly length: number;
}

/**
 * Reads the head from the first bytes of a file. With `ended`, `bytes` is the whole file. Answers 'more' when it needs more bytes.
 * Throws EMPTY_FILE, BAD_MAGIC, ENCODING, TOO_WIDE, UNTERMINATED_QUOTE, RECORD_TOO_LONG and what `bindHeader` throws.
 */
export function readHead(bytes: Buffer, ended: boolean, format: CsvFormat, binding: Binding): CsvHead | 'more' {
  if (!ended && bytes.length < (format.header ? MAGIC_BYTES : FIRST_LINES)) return 'more';
  refuseOtherFormats(bytes, format);
  const start = bytes.subarray(0, byteOrderMark.length).equals(byteOrderMark) ? byteOrderMark.length : 0;
  if (bytes.length === start) throw new NightfeedError('EMPTY_FILE', 'the file is empty');
  const first = firstRecord(bytes, start, ended, format);
  if (first === 'more') return 'more';
  if (!format.header)
    refuseOtherFirst(bytes.subarray(start), first.contentEnd - start, first.misquoted, format, binding);
  const { recordEnd } = first;
  const notes = recordEnd === '\r' ? ['records end with CR alone'] : [];
  const { names, change } = format.header
    ? readNames(bytes.subarray(start, first.contentEnd), first.misquoted, format, binding, notes)
    : { names: binding.columns.map(({ name }) => name), change: noSchemaChange };
  const length = format.header ? first.end : start;
  if (!format.allow_trailing_delimiter) return { length, header: names, spare: false, recordEnd, change, notes };
  const shape = { dialect: recordSyntaxOf(format), recordEnd, fields: names.length };
  const spare = hasSpareField(bytes.subarray(length), ended, shape);
  if (spare === 'more') return 'more';
  return { length, header: spare ? [...names, ''] : names, spare, recordEnd, change, notes };
}

/** A first record of several fields, as many as there are columns, is one, whatever its texts are. */
function refuseOtherFirst(
  bytes: Buffer,
  length: number,
  misquoted: boolean,
  format: CsvFormat,
  { columns }: Binding,
): void {
  const fields = misquoted ? [] : splitRecord(bytes.subarray(0, length), recordSyntaxOf(format));
  if (columns.length > 1 && fields.length === columns.length) return;
  // A dialect that is rewritten has a record with a fault in one quoted field.
  const start = fields.length === 1 && fields[0]!.quoted ? fields[0]!.text : bytes.toString('utf8', 0, FIRST_LINES);
  refuseOtherText(start, format.type);
}

const FIRST_LINES = 4096;

function readNames(
  record: Buffer,
  misquoted: boolean,
  format: CsvFormat,
  binding: Binding,
  notes: string[],
): { names: string[]; change: HeaderChange } {
  refuseOtherEncodings(record, format);
  const sent = misquoted ? [] : splitRecord(record, recordSyntaxOf(format)).map(({ text }) => text);
  if (sent.length > MAX_FIELDS)
    throw new NightfeedError('TOO_WIDE', `the header has ${sent.length} columns; allowed are ${MAX_FIELDS}`);
  if (format.allow_trailing_delimiter && sent.at(-1) === '') sent.pop();
  const spelt = format.header_names === 'lenient' ? asDeclared(sent, binding.columns) : sent;
  const { names, notes: left, ...change } = bound(spelt, binding, record.toString());
  notes.push(...left);
  const differing = sent.filter((name, index) => name !== spelt[index]);
  if (differing.length > 0)
    notes.push(`columns named in another way than declared: ${excerpts(differing, { told: 10, most: 63 })}`);
  return { names, change };
}

/** As `bindHeader`; where the file has another delimiter, with what reads it. */
function bound(names: readonly string[], binding: Binding, received: string): ReturnType<typeof bindHeader> {
  try {
    return bindHeader(names, binding, received);
  } catch (thrown) {
    const way = otherWay(names, binding, received);
    if (way === undefined || !(thrown instanceof NightfeedError)) throw thrown;
    const hint = `Production is untouched. ${way}`;
    throw new NightfeedError(thrown.name, thrown.message, { hint, cause: thrown });
  }
}

function otherWay(names: readonly string[], { columns }: Binding, received: string): string | undefined {
  const expected = columns.map((column) => sentNameOf(column).name);
  const delimiter = names.length <= 1 ? otherDelimiter(received, expected) : undefined;
  if (delimiter === undefined) return undefined;
  return `The declared names stand in the header, with ${excerpt(delimiter)} between them: set \`format.delimiter\` to it.`;
}

/** PostgreSQL allows this many columns. A wider header is refused before anything else reads it. */
const MAX_FIELDS = 1600;

interface FirstRecord {
  readonly contentEnd: number;
  readonly end: number;
  readonly recordEnd: RecordEnd;
  readonly misquoted: boolean;
}

function firstRecord(bytes: Buffer, start: number, ended: boolean, format: CsvFormat): FirstRecord | 'more' {
  const finder = new RecordEndFinder(recordSyntaxOf(format), 'any');
  const end = finder.find(bytes, start);
  const { misquoted } = finder;
  const unfinished = end === MORE || (bytes[end - 1] === CR && end === bytes.length);
  if (unfinished && bytes.length - start > MAX_RECORD_BYTES) {
    throw new NightfeedError(
      'RECORD_TOO_LONG',
      `the first record is longer than the allowed ${MAX_RECORD_BYTES} bytes`,
    );
  }
  if (unfinished && !ended) return 'more';
  if (end === MORE) {
    if (format.header && finder.insideQuotes) {
      throw new NightfeedError(
        'UNTERMINATED_QUOTE',
        `the quote opened at byte ${finder.quoteOpened} of the header never closes`,
      );
    }
    return { contentEnd: bytes.length, end: bytes.length, recordEnd: '\n', misquoted };
  }
  const contentEnd = end - 1;
  if (bytes[contentEnd] === LF) return { contentEnd, end, recordEnd: '\n', misquoted };
  if (bytes[end] === LF) return { contentEnd, end: end + 1, recordEnd: '\r\n', misquoted };
  return { contentEnd, end, recordEnd: '\r', misquoted };
}

function refuseOtherEncodings(headerRecord: Buffer, { encoding }: CsvFormat): void {
  if (isUtf8(headerRecord) && !headerRecord.includes(0)) return;
  const received = excerpt(headerRecord.toString(encoding === 'utf-8' ? 'latin1' : 'utf8'));
  throw new NightfeedError('ENCODING', `the header ${received} is not text in ${encoding}`);
}

const LF = 10;
const CR = 13;
