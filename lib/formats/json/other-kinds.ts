import { MAGIC_BYTES } from '../../core/archives/magic.ts';
import { NightfeedError } from '../../core/errors.ts';
import { otherKind, setFormat } from '../../core/infer/other-kind.ts';
import { byteOrderMark } from '../../core/records/scan/text-check.ts';
import type { TextFormat } from '../text/encoding-options.ts';
import { refuseBinary, refuseOtherMarks } from '../text/other-formats.ts';
import { CLOSE_BRACKET, OPEN_BRACE, OPEN_BRACKET, skipBlanks } from './tokens.ts';
import { ValueScan } from './value-scan.ts';

/** Refuses a file that its first bytes show to be another thing. Throws EMPTY_FILE, ENCODING and BAD_MAGIC. */
export function refuseOtherKinds(bytes: Buffer, format: TextFormat): void {
  refuseBinary(bytes, format);
  if (format.encoding === 'utf-8') refuseOtherMarks(bytes, format.encoding);
  refuseOtherEncodings(bytes);
  const start = startOf(bytes);
  if (start === bytes.length) throw new NightfeedError('EMPTY_FILE', 'the file has no records and no document');
  if (bytes[start] === LESS_THAN)
    throw new NightfeedError(
      'BAD_MAGIC',
      `the file starts like XML or an HTML page; expected ${format.type.toUpperCase()} text`,
    );
}

/** An array where the feed expects an object in each line. */
export function refuseDocument(bytes: Buffer): void {
  const start = startOf(bytes);
  const first = skipBlanks(bytes, start + 1, bytes.length);
  if (
    bytes[start] === OPEN_BRACKET &&
    (bytes[first] === OPEN_BRACE || bytes[first] === CLOSE_BRACKET || first === bytes.length)
  )
    throw otherType('a JSON array', 'ndjson', '{type: json}');
  const isSplit = bytes[start] === OPEN_BRACE && bytes.subarray(start + 1, first).includes(LF);
  if (!isSplit) return;
  throw otherType('an object over several lines', 'ndjson', '{type: json, records: […]}');
}

/** An object in each line where the feed expects a document. */
export function refuseLines(bytes: Buffer): void {
  const start = startOf(bytes);
  if (bytes[start] !== OPEN_BRACE) return;
  const end = new ValueScan().end(bytes, start, bytes.length);
  if (end < 0) return;
  const next = skipBlanks(bytes, end, bytes.length);
  if (bytes[next] === OPEN_BRACE) throw otherType('several objects, one behind the other', 'json', '{type: ndjson}');
}

function otherType(found: string, declared: string, format: string): NightfeedError {
  const message = `the file begins with ${found}; expected ${declared}`;
  return otherKind(message, { name: found, way: setFormat(format) }, declared);
}

/** Of a file without the mark that would say so. */
function refuseOtherEncodings(bytes: Buffer): void {
  const first = bytes.subarray(0, MAGIC_BYTES);
  if (first.filter((byte) => byte === 0).length < UTF16_ZEROS) return;
  const hint =
    'Production is untouched. Set `format.encoding: utf-16` (or utf-32), or ask the vendor for UTF-8, which JSON is by its standard, RFC 8259.';
  throw new NightfeedError('ENCODING', 'the file starts like UTF-16 or UTF-32; JSON is UTF-8', { hint });
}

/** Behind byte order mark and blanks. */
function startOf(bytes: Buffer): number {
  const isMarked = bytes.subarray(0, byteOrderMark.length).equals(byteOrderMark);
  return skipBlanks(bytes, isMarked ? byteOrderMark.length : 0, bytes.length);
}

/** So many NUL bytes among the first MAGIC_BYTES mean UTF-16 or UTF-32. The shortest file, `[]`, has two. */
const UTF16_ZEROS = 2;
const LESS_THAN = 0x3c;
const LF = 10;
