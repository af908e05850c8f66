import { Readable } from 'node:stream';
import type { SourceFile } from '../../core/delivery/source-file.ts';
import { NightfeedError } from '../../core/errors.ts';
import { excerpt } from '../../core/shown-text.ts';
import type { Source } from '../../ports/source.ts';
import { KeptRows, MAX_FIELDS } from './kept-rows.ts';
import { allBytes, type SampledBytes, sampleBytes, shareOf } from './sample-bytes.ts';
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
  const kept = new KeptRows();
  let areAll = true;
  for (const file of files) {
    const sample = await sampleBytes(source, file, reading.most);
    const { names, rows, areAll: areItsAll } = await readSample(source, file, sample, reading);
    areAll &&= sample.isWhole && areItsAll;
    const places = reading.columns.map((name) => names.indexOf(name));
    if (places.includes(-1))
      throw new NightfeedError('USAGE', `${excerpt(file.name)} has other columns than the first file of its table`);
    for (const row of rows) {
      if (kept.isFull) areAll = false;
      else kept.add(places.map((place) => row[place] ?? null));
    }
  }
  return { rows: kept.rows, areAll };
}

/** The rows of a sample; of a format whose end has to be read first, of the whole file. */
export async function readSample(source: Source, file: SourceFile, sample: SampledBytes, how: SampleReading) {
  if (how.kind.name === 'parquet') return sampleRows(allBytes(source, file), file.size, how);
  const bytes = sample.parts.length > 1 ? await fitting(sample, how) : sample.bytes;
  return sampleRows(Readable.from([bytes]), bytes.length, how);
}

/** Of a sample with more fields than are kept as much from each part: otherwise its middle and its end would never be looked at. */
async function fitting(sample: SampledBytes, how: SampleReading): Promise<Buffer> {
  const glance = shareOf(sample, GLANCE / sample.bytes.length);
  // Where a record is longer than that, there are few of them.
  const glanced = await sampleRows(Readable.from([glance]), glance.length, how).catch(() => undefined);
  if (glanced === undefined) return sample.bytes;
  const { names, rows } = glanced;
  const fields = ((rows.length * sample.bytes.length) / Math.max(1, glance.length)) * names.length;
  return fields < FILLED * MAX_FIELDS ? sample.bytes : shareOf(sample, (FILLED * MAX_FIELDS) / fields);
}

/** Bytes that tell how long a record is. */
const GLANCE = 1_000_000;

/** Records are not all as long as those of the glance. */
const FILLED = 0.9;
