import { NightfeedError } from '../../core/errors.ts';
import { MAX_RECORD_BYTES } from '../../core/records/record-walk.ts';
import { byteOrderMark } from '../../core/records/scan/text-check.ts';
import type { RecordEnd } from '../../core/run/file-parts.ts';
import { refuseOtherText } from '../text/other-text.ts';
import { refuseDelimited } from './delimited-likeness.ts';
import { checkHeader } from './header.ts';
import type { Layout } from './layout.ts';
import type { FixedWidthFormat } from './options.ts';

export interface FirstLook {
  readonly recordEnd: RecordEnd;
  /** Bytes of byte order mark and header; the data starts here. */
  readonly length: number;
}

/**
 * Looks at the first bytes of a file: how lines end, the header, and whether the records are as long as declared. `ended`: these are all bytes.
 * Answers 'more' when it needs more. Throws EMPTY_FILE, BAD_MAGIC, HEADER_MISMATCH, RECORD_LENGTH and RECORD_TOO_LONG.
 */
export function firstLook(bytes: Buffer, ended: boolean, format: FixedWidthFormat, layout: Layout): FirstLook | 'more' {
  const start = bytes.subarray(0, byteOrderMark.length).equals(byteOrderMark) ? byteOrderMark.length : 0;
  if (ended && bytes.length === start) throw new NightfeedError('EMPTY_FILE', 'the file is empty');
  if (!ended && bytes.length < LOOKED_AT) return 'more';
  const text = bytes.subarray(start);
  if (!format.header) refuseOtherText(text.toString('utf8', 0, FIRST_LINES), format.type);
  if (format.record_end === 'none') {
    refuseLines(text, layout, format);
    return { recordEnd: '\n', length: start };
  }
  const recordEnd = endOf(text, ended);
  if (recordEnd === undefined && bytes.length > MAX_RECORD_BYTES)
    throw new NightfeedError('RECORD_TOO_LONG', `no line ends within ${MAX_RECORD_BYTES} bytes; ${onEnds}`);
  if (recordEnd === undefined && !ended) return 'more';
  const end = recordEnd ?? '\n';
  const lines = firstLines(text, end);
  const data = format.header ? lines.slice(1) : lines;
  const filled = lines.filter((line) => line.length > 0).map((line) => line.toString());
  if (filled.length > 0) refuseDelimited(filled, layout.names);
  if (format.header) checkHeader(lines[0] ?? text, layout, format);
  refuseOtherLength(data, layout, format);
  const header = format.header ? Math.min(text.length, lines[0]!.length + end.length) : 0;
  return { recordEnd: end, length: start + header };
}

const LOOKED_AT = 64 << 10;
const FIRST_LINES = 4096;
/** So many first lines are measured. */
const MEASURED = 100;
const onEnds = 'where records follow one another without line ends, set `record_end: none`';

/** How the first line ends; undefined when that is not among these bytes. */
function endOf(bytes: Buffer, ended: boolean): RecordEnd | undefined {
  const at = bytes.findIndex((byte) => byte === LF || byte === CR);
  if (at < 0) return undefined;
  if (bytes[at] === LF) return '\n';
  if (at + 1 === bytes.length && !ended) return undefined;
  return bytes[at + 1] === LF ? '\r\n' : '\r';
}

/** Whole lines without their ends; a file of one line may lack its end. */
function firstLines(bytes: Buffer, end: RecordEnd): Buffer[] {
  const found: Buffer[] = [];
  for (let from = 0; found.length <= MEASURED; ) {
    const at = bytes.indexOf(end, from);
    if (at < 0) return found.length === 0 ? [bytes] : found;
    found.push(bytes.subarray(from, at));
    from = at + end.length;
  }
  return found;
}

function refuseOtherLength(lines: readonly Buffer[], layout: Layout, format: FixedWidthFormat): void {
  const { length, least } = layout;
  const lengths = lines.filter((line) => line.length > 0).map((line) => lengthOf(line, format));
  if (lengths.length === 0 || lengths.some((found) => found >= least && found <= length)) return;
  const [shortest, longest] = [Math.min(...lengths), Math.max(...lengths)];
  const all = lengths.length === 1 ? 'the first line has' : `the first ${lengths.length} lines have`;
  const message = `${all} ${range(shortest, longest)} ${format.unit}; expected ${range(least, length)}; ${advice()}`;
  throw new NightfeedError('RECORD_LENGTH', message);

  function advice(): string {
    if (lengths.length === 1 && shortest > length && shortest % length === 0) return onEnds;
    if (longest < length)
      return 'where blanks at the end of lines are cut off, `min_length` says how short a line may be';
    return '`record_length` says how long a record is where more follows behind its last field';
  }
}

function range(from: number, to: number): string {
  return from === to ? `${from}` : `${from} to ${to}`;
}

function lengthOf(line: Buffer, { unit }: FixedWidthFormat): number {
  return unit === 'bytes' ? line.length : [...line.toString()].length;
}

/** Records without line ends do not hold one as early as in the first of them. */
function refuseLines(bytes: Buffer, { length }: Layout, { unit }: FixedWidthFormat): void {
  const at = bytes.findIndex((byte) => byte === LF || byte === CR);
  if (at < 0 || at > length) return;
  const message = `the first line ends after ${at} bytes; expected records of ${length} ${unit} without line ends; where each record is a line, leave \`record_end\` out`;
  throw new NightfeedError('RECORD_LENGTH', message);
}

const LF = 10;
const CR = 13;
