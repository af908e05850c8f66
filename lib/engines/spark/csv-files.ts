import type { ReadingSpec } from '../../core/feed/reading-spec.ts';
import type { FileParts } from '../../core/run/file-parts.ts';
import { mayQuoteNulls, type SparkCsv } from '../../core/sql/dialects/read-csv-spark.ts';
import type { Store } from '../../ports/store.ts';
import { type DropsByPart, partBytes, type TablePart, tableParts, withoutRanges } from '../duckdb/part-files.ts';
import { quotesNull, rewritten } from './rewritten.ts';
import type { SparkRoom } from './runner.ts';

export interface CsvSide {
  readonly csv: readonly SparkCsv[];
  /** The number of well-formed records of each part that has any. */
  readonly parts: readonly (readonly [part: number, rows: number])[];
}

/** A table's parts for Spark. Parts with dropped records, and parts that Spark would misread, are copied. */
export async function csvFiles(
  store: Store,
  files: readonly FileParts[],
  drops: DropsByPart,
  reading: ReadingSpec,
  room: SparkRoom,
  folder: string,
): Promise<CsvSide> {
  const groups = new Map<string, { files: string[] } & SparkCsv>();
  const parts: [number, number][] = [];
  for (const [index, tablePart] of tableParts(files).entries()) {
    const dropped = drops.get(index) ?? [];
    const rows = tablePart.part.rows - dropped.length;
    if (rows === 0) continue;
    parts.push([index, rows]);
    const shape = await shapeOf(store, tablePart, reading);
    const copy = shape.rewritten
      ? rewritten(store, tablePart, reading, dropped)
      : dropped.length > 0
        ? withoutRanges(dropped)(partBytes(store, tablePart.part))
        : null;
    const file = copy
      ? await room.keep(`${folder}/part-${String(index).padStart(5, '0')}.csv`, copy)
      : await room.object(tablePart.part.key);
    // A copy is named by its part.
    const offset = copy ? 0 : index - numberOf(tablePart);
    const id = JSON.stringify([shape, offset]);
    const group = groups.get(id) ?? { ...shape, offset, files: [] };
    groups.set(id, group);
    group.files.push(file);
  }
  return { csv: [...groups.values()], parts };
}

function numberOf({ part }: TablePart): number {
  return Number(/part-(\d+)[^/]*$/.exec(part.key)![1]);
}

/** Blank lines of one-column files are records. Spark skips them unless there is a second column. */
async function shapeOf(
  store: Store,
  tablePart: TablePart,
  reading: ReadingSpec,
): Promise<Omit<SparkCsv, 'files' | 'offset'>> {
  const { header, recordEnd } = tablePart;
  if (header.length === 1) return { header: [...header, ''], recordEnd: '\n', rewritten: true };
  if (mayQuoteNulls(reading) && (await quotesNull(store, tablePart, reading)))
    return { header, recordEnd: '\n', rewritten: true };
  return { header, recordEnd, rewritten: false };
}
