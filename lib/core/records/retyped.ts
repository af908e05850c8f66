import type { ReadingColumn } from '../feed/reading-spec.ts';
import { cleaned } from '../feed/values/clean-text.ts';
import { parseValue } from '../feed/values/value.ts';
import { isNull, splitRecord } from './fields.ts';
import type { Head } from './head.ts';
import { recordSyntaxOf } from './record-syntax.ts';
import type { RecordText } from './record-text.ts';
import { RecordWalk } from './record-walk.ts';

/** Number of bytes of a file's data that are examined. */
export const LOOKED_AT = 64 << 10;
/** With fewer values than these a fault may lie in the values, not in the column's type. */
const LEAST_VALUES = 20;

/** Columns whose first values, at least 20, all fail to read as the declared type. */
export function retypedColumns(
  /** The first LOOKED_AT bytes after the head, cut anywhere. */
  data: Buffer,
  { header, recordEnd }: Pick<Head, 'header' | 'recordEnd'>,
  format: RecordText,
  columns: readonly ReadingColumn[],
): string[] {
  const dialect = recordSyntaxOf(format);
  const suspects = new Map(columns.map((column) => [column, { at: header.indexOf(column.name), values: 0 }]));
  for (const [column, { at }] of suspects) if (at < 0 || column.type === 'text') suspects.delete(column);
  const walk = new RecordWalk({ dialect, recordEnd, fields: header.length });
  walk.feed(data);
  while (suspects.size > 0 && walk.next()) {
    const fields = splitRecord(walk.bytes(), dialect);
    if (fields.length !== header.length) continue;
    for (const [column, suspect] of suspects) {
      const field = fields[suspect.at]!;
      const raw = cleaned(column, isNull(field, format) ? null : field.text);
      if (raw === null) continue;
      if (parseValue(column, raw).code === undefined) suspects.delete(column);
      else suspect.values += 1;
    }
  }
  return [...suspects].flatMap(([{ name }, { values }]) => (values >= LEAST_VALUES ? [name] : []));
}
