import type { FileParts } from '../../core/run/file-parts.ts';
import type { FileRange } from '../../core/sql/plans/repeats-sql.ts';
import type { DropsByPart } from '../duckdb/part-files.ts';
import type { Batch } from './batch.ts';

/** Which records of each batch belong to which of the vendor's files. The stream has the well-formed records of one file after the other. */
export function fileRanges(
  files: readonly FileParts[],
  drops: DropsByPart,
  batches: readonly Pick<Batch, 'next'>[],
): FileRange[] {
  const ranges: FileRange[] = [];
  let [part, start] = [0, 0];
  for (const [file, { parts }] of files.entries()) {
    let end = start;
    for (const { bytes } of parts) {
      end += bytes - (drops.get(part) ?? []).reduce((sum, { length }) => sum + length, 0);
      part += 1;
    }
    for (const [index, { next }] of batches.entries()) {
      const [first, past] = [next.recordsBefore(start), next.recordsBefore(end)];
      if (first < past) ranges.push({ part: index, first, past, file });
    }
    start = end;
  }
  return ranges;
}
