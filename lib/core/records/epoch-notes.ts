import type { ReadingColumn } from '../feed/reading-spec.ts';
import { cleaned } from '../feed/values/clean-text.ts';
import { parseValue } from '../feed/values/value.ts';
import { excerpt } from '../shown-text.ts';
import { isNull } from './fields.ts';
import { firstRecords } from './first-records.ts';
import type { Head } from './head.ts';
import type { RecordText } from './record-text.ts';

/**
 * Notes for columns with `epoch` whose first values all fall into 1970: seconds that are read as milliseconds are days of January. Zeros say
 * nothing, because they often stand for no time.
 */
export function epochNotes(
  /** The first LOOKED_AT bytes after the head, cut anywhere. */
  data: Buffer,
  head: Pick<Head, 'header' | 'recordEnd'>,
  format: RecordText,
  columns: readonly ReadingColumn[],
): string[] {
  const suspects = new Map(columns.map((column) => [column, { at: head.header.indexOf(column.name), first: '' }]));
  for (const [column, { at }] of suspects) if (at < 0 || column.epoch === undefined) suspects.delete(column);
  for (const fields of suspects.size > 0 ? firstRecords(data, head, format) : []) {
    for (const [column, suspect] of suspects) {
      const field = fields[suspect.at]!;
      const raw = cleaned(column, isNull(field, format) ? null : field.text);
      if (raw === null || /^[+-]?0+(\.0*)?$/.test(raw)) continue;
      const { code, text } = parseValue(column, raw);
      if (code === undefined && !text.startsWith('1970-')) suspects.delete(column);
      else if (code === undefined && suspect.first === '') suspect.first = `${excerpt(raw, 30)} as ${text}`;
    }
    if (suspects.size === 0) break;
  }
  return [...suspects].flatMap(([{ name, epoch }, { first }]) =>
    first === ''
      ? []
      : [
          `the first values of ${excerpt(name, 63)} all fall into 1970, such as ${first}: the file may count in another unit than \`epoch: ${epoch}\``,
        ],
  );
}
