import type { ReadingColumn } from '../feed/reading-spec.ts';
import { cleaned } from '../feed/values/clean-text.ts';
import { parseValue } from '../feed/values/value.ts';
import { isNull } from './fields.ts';
import { firstRecords } from './first-records.ts';
import type { Head } from './head.ts';
import type { RecordText } from './record-text.ts';

/** With fewer values than these a fault may lie in the values, not in the column's type. */
const LEAST_VALUES = 20;

/** Columns whose first values, at least 20, all fail to read as the declared type. */
export function retypedColumns(
  /** The first LOOKED_AT bytes after the head, cut anywhere. */
  data: Buffer,
  head: Pick<Head, 'header' | 'recordEnd'>,
  format: RecordText,
  columns: readonly ReadingColumn[],
): string[] {
  const suspects = new Map(columns.map((column) => [column, { at: head.header.indexOf(column.name), values: 0 }]));
  for (const [column, { at }] of suspects) if (at < 0 || column.type === 'text') suspects.delete(column);
  for (const fields of suspects.size > 0 ? firstRecords(data, head, format) : []) {
    for (const [column, suspect] of suspects) {
      const field = fields[suspect.at]!;
      const raw = cleaned(column, isNull(field, format) ? null : field.text);
      if (raw === null) continue;
      if (parseValue(column, raw).code === undefined) suspects.delete(column);
      else suspect.values += 1;
    }
    if (suspects.size === 0) break;
  }
  return [...suspects].flatMap(([{ name }, { values }]) => (values >= LEAST_VALUES ? [name] : []));
}
