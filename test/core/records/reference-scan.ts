import { isUtf8 } from 'node:buffer';
import type { RejectCode } from '../../../lib/core/records/reject.ts';
import type { ScanOptions, ScanReject } from '../../../lib/core/records/scan/scan.ts';

export type Scanned = { rows: number; rejects: ScanReject[] } | string;

/** What StructuralScan must find, by regular expressions over the whole file; comma, double quote. A failure is its name. */
export function referenceScan(data: Buffer, options: ReferenceOptions): Scanned {
  const { recordEnd, fields, maxRecordBytes } = options;
  const text = data.toString('latin1');
  const { header } = options;
  const rejects: ScanReject[] = [];
  let blanks = 0;
  let rows = 0;
  for (let offset = 0; offset < text.length; ) {
    const { count, end, stop } = recordAt(text, offset, recordEnd);
    const length = end - offset;
    if (length > maxRecordBytes) return 'RECORD_TOO_LONG';
    if (stop) return stop;
    const record = text.slice(offset, end - recordEnd.length);
    if (record === '') blanks++;
    else {
      if (fields === 1) {
        for (; blanks > 0; blanks--) {
          rejects.push({
            index: rows++,
            offset: offset - blanks * recordEnd.length,
            length: recordEnd.length,
            code: 'BLANK_RECORD',
          });
        }
      }
      blanks = 0;
      if (header && isHeader(record.replace(/^\xef\xbb\xbf/, ''), header)) return 'HEADER_REPEATED';
      const code = codeOf(record, count, fields);
      if (code) rejects.push({ index: rows, offset, length, code });
      rows++;
    }
    offset = end;
  }
  return { rows, rejects };
}

type ReferenceOptions = Omit<ScanOptions, 'header'> & { maxRecordBytes: number; header: readonly string[] | undefined };

/** Names and fields are of one letter: with one column exactly it, else in any case. */
function isHeader(record: string, names: readonly string[]): boolean {
  const fields = record.split(',').map((field) => field.replace(/^"(.*)"$/, '$1'));
  // A delimiter too many at the end makes no other header of it.
  if (fields.length > 1 && fields.at(-1) === '') fields.pop();
  const told = fields.length === 1 ? fields : fields.map((field) => field.toLowerCase());
  return JSON.stringify(told) === JSON.stringify(names);
}

function codeOf(record: string, count: number, fields: number): RejectCode | undefined {
  if (count === 0) return 'QUOTE';
  if (count !== fields) return 'FIELD_COUNT';
  if (record.includes('\0')) return 'NUL_BYTE';
  if (!isUtf8(Buffer.from(record, 'latin1'))) return 'INVALID_UTF8';
  return record.startsWith('\xef\xbb\xbf') ? 'BOM_INSIDE' : undefined;
}

/** Fields (0: misquoted) and end of the record; `stop` when the file is over there. */
function recordAt(text: string, from: number, recordEnd: string): { count: number; end: number; stop?: string } {
  let at = from;
  for (let count = 1; ; count++, at++) {
    const field = text[at] === '"' ? /"(?:[^"]|"")*"(?!")/y : /[^,"\r\n]*/y;
    field.lastIndex = at;
    const match = field.exec(text);
    if (!match) return { count, end: text.length, stop: 'UNTERMINATED_QUOTE' };
    at += match[0].length;
    if (text[at] === ',') continue;
    if (text.startsWith(recordEnd, at)) return { count, end: at + recordEnd.length };
    if (at === text.length || recordEnd.startsWith(text.slice(at)))
      return { count, end: text.length, stop: 'NO_FINAL_NEWLINE' };
    if (/[\r\n]/.test(text[at]!)) return { count, end: at + 1, stop: 'MIXED_EOL' };
    const end = text.indexOf(recordEnd, at);
    return end < 0 ? { count, end: text.length, stop: 'NO_FINAL_NEWLINE' } : { count: 0, end: end + recordEnd.length };
  }
}
