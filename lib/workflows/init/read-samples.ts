import { Readable } from 'node:stream';
import type { SourceFile } from '../../core/delivery/source-file.ts';
import { NightfeedError } from '../../core/errors.ts';
import { excerpt } from '../../core/shown-text.ts';
import type { Source } from '../../ports/source.ts';
import { allBytes, type SampledBytes, sampleBytes } from './sample-bytes.ts';
import { type SampledRows, type SampleReading, sampleRows } from './sample-rows.ts';

/** How further files of a table are read. */
export interface FileReading extends SampleReading {
  /** Bytes of a file that are looked at. */
  readonly most: number;
  /** The columns of the first file, which all have to have. */
  readonly columns: readonly string[];
}

/** Rows of several files, in the columns of the first one. */
export async function readFiles(
  source: Source,
  files: readonly SourceFile[],
  reading: FileReading,
): Promise<Omit<SampledRows, 'names'>> {
  const found: SampledRows['rows'][number][] = [];
  let areAll = true;
  for (const file of files) {
    const sample = await sampleBytes(source, file, reading.most);
    const { names, rows, areAll: areItsAll } = await readSample(source, file, sample, reading);
    areAll &&= sample.isWhole && areItsAll;
    const places = reading.columns.map((name) => names.indexOf(name));
    if (places.includes(-1))
      throw new NightfeedError('USAGE', `${excerpt(file.name)} has other columns than the first file of its table`);
    for (const row of rows) found.push(places.map((place) => row[place] ?? null));
  }
  return { rows: found, areAll };
}

/** The rows of a sample; of a format whose end has to be read first, of the whole file. */
export function readSample(source: Source, file: SourceFile, { bytes }: SampledBytes, how: SampleReading) {
  return how.kind.name === 'parquet'
    ? sampleRows(allBytes(source, file), file.size, how)
    : sampleRows(Readable.from([bytes]), bytes.length, how);
}
