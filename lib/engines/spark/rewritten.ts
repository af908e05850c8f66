import type { ReadingSpec } from '../../core/feed/reading-spec.ts';
import { isNull, splitRecord } from '../../core/records/fields.ts';
import { records } from '../../core/records/record-stream.ts';
import { recordSyntaxOf } from '../../core/records/record-syntax.ts';
import { convertedRecord } from '../../core/records/record-text.ts';
import type { Dropped } from '../../core/run/snapshot-manifest.ts';
import type { Store } from '../../ports/store.ts';
import { partBytes, type TablePart } from '../duckdb/part-files.ts';

/** The well-formed records of a part as `convertedText`, with at least two columns. */
export async function* rewritten(
  store: Store,
  { part, header, recordEnd }: TablePart,
  { format }: ReadingSpec,
  dropped: readonly Dropped[],
): AsyncGenerator<Buffer> {
  const dialect = recordSyntaxOf(format);
  let nextDropped = 0;
  for await (const { offset, bytes } of records(partBytes(store, part), dialect, recordEnd, header.length)) {
    if (dropped[nextDropped]?.offset === offset) {
      nextDropped += 1;
      continue;
    }
    const fields = splitRecord(Buffer.from(bytes), dialect).map((field) => (isNull(field, format) ? null : field.text));
    if (header.length === 1) fields.push('1');
    yield Buffer.from(convertedRecord(fields));
  }
}

/** Whether a part has a quoted text that would be null without the quotes. Spark cannot tell these two apart. */
export async function quotesNull(store: Store, { part }: TablePart, { format }: ReadingSpec): Promise<boolean> {
  const wanted = format.null_values
    .filter((text) => text !== '')
    .map((text) => Buffer.from(format.quote + text + format.quote));
  const overlap = Math.max(...wanted.map(({ length }) => length)) - 1;
  let end = Buffer.alloc(0);
  for await (const chunk of partBytes(store, part)) {
    const seen = Buffer.concat([end, chunk]);
    if (wanted.some((text) => seen.includes(text))) return true;
    end = seen.subarray(Math.max(0, seen.length - overlap));
  }
  return false;
}
