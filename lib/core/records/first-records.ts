import { splitRecord } from './fields.ts';
import type { Head } from './head.ts';
import { recordSyntaxOf } from './record-syntax.ts';
import type { RecordText } from './record-text.ts';
import { RecordWalk } from './record-walk.ts';

/** Number of bytes of a file's data that are examined. */
export const LOOKED_AT = 64 << 10;

/** The fields of a file's first records that have as many as the header. `data` is cut anywhere. */
export function* firstRecords(
  data: Buffer,
  { header, recordEnd }: Pick<Head, 'header' | 'recordEnd'>,
  format: RecordText,
): Generator<ReturnType<typeof splitRecord>> {
  const dialect = recordSyntaxOf(format);
  const walk = new RecordWalk({ dialect, recordEnd, fields: header.length });
  walk.feed(data);
  while (walk.next()) {
    const fields = splitRecord(walk.bytes(), dialect);
    if (fields.length === header.length) yield fields;
  }
}
