import { MORE, RecordEndFinder, WRONG_END } from '../record-end.ts';
import { MAX_RECORD_BYTES, type RecordShape } from '../record-walk.ts';

/**
 * Whether data records end with a delimiter behind their last field: the first one decides that has the declared number
 * of fields, or one more that is empty. 'more': call again with more bytes.
 */
export function hasSpareField(
  data: Buffer,
  ended: boolean,
  { dialect, recordEnd, fields }: RecordShape,
): boolean | 'more' {
  const finder = new RecordEndFinder(dialect, recordEnd);
  for (let at = 0; at < data.length; ) {
    const end = finder.find(data, at);
    if (end === WRONG_END) return false;
    if (end === MORE) break;
    if (!finder.misquoted && finder.fields === fields && end - at > recordEnd.length) return false;
    if (finder.fields === fields + 1 && isSpare(data, end - recordEnd.length, dialect.delimiter)) return true;
    at = end;
  }
  return ended || data.length > MAX_RECORD_BYTES ? false : 'more';
}

/** Whether a record whose content ends at `end` ends with an empty, unquoted field. */
export function isSpare(bytes: Buffer, end: number, delimiter: number): boolean {
  return bytes[end - 1] === delimiter;
}
