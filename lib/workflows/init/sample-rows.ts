import { asNightfeedError, type NightfeedError } from '../../core/errors.ts';
import { type FeedFormat, isRecordText, recordTextOf } from '../../core/feed/descriptors/format-descriptor.ts';
import type { ReadingSpec } from '../../core/feed/reading-spec.ts';
import { contract } from '../../core/feed/spec/contract.ts';
import { isNull, splitRecord } from '../../core/records/fields.ts';
import { records } from '../../core/records/record-stream.ts';
import { recordSyntaxOf } from '../../core/records/record-syntax.ts';
import type { ConvertedFile, FileFormat } from '../../ports/file-format.ts';
import type { Using } from '../../ports/ports.ts';
import { keptOnce } from '../../steps/landing/kept-once.ts';
import { KeptRows, type SampledRow } from './kept-rows.ts';

/** Rows of a sample as the night will read them. */
export interface SampledRows {
  readonly names: readonly string[];
  readonly rows: readonly SampledRow[];
  /** Whether each record of the sample became a row here. */
  readonly areAll: boolean;
}

/** How a sample is read. */
export interface SampleReading extends Using<'engine', 'keepLocally'> {
  readonly kind: FileFormat;
  readonly format: FeedFormat;
  /** Column names, where the file names none. */
  readonly names: readonly string[];
}

/** The rows of a sample of so many bytes, as many as are kept. */
export async function sampleRows(bytes: AsyncIterable<Buffer>, size: number, how: SampleReading): Promise<SampledRows> {
  const kept = new KeptRows();
  const { names, areAll, stopped } = await eachRow(bytes, size, how, (row) => kept.add(row));
  return { names, rows: kept.rows, areAll: areAll && stopped === undefined };
}

interface ReadRows {
  readonly names: readonly string[];
  /** Each record became a row, and all of them were taken. */
  readonly areAll: boolean;
  /** Why reading ended before the bytes did; a sample may be cut within a record. */
  readonly stopped?: NightfeedError;
}

type Take = (row: SampledRow, names: readonly string[]) => boolean;

/** Reads so many bytes in a format, by the reader of the night itself, one row after the other until `take` wants no more. */
export async function eachRow(
  bytes: AsyncIterable<Buffer>,
  size: number,
  { kind, format, names, engine }: SampleReading,
  take: Take,
): Promise<ReadRows> {
  const columns = names.map((name) => ({ name, type: 'text' as const, key: false, required: false }));
  const reading: ReadingSpec = { format: recordTextOf(format), columns };
  const kept = keptOnce({ engine }, size);
  try {
    const file = await kind.open({
      format,
      bytes,
      localFile: () => kept.localFile(bytes),
      columns,
      // Names that come twice are no fault here; other formats read only columns that the table takes.
      contract: contract.parse({ added: isRecordText(format) ? 'ignore' : 'evolve' }),
      reading,
      proof: () => 'the sample',
    });
    return { names: file.head.header, ...(await rowsOf(file, reading, take)) };
  } finally {
    await kept.remove();
  }
}

async function rowsOf(
  { head, text }: ConvertedFile,
  { format }: ReadingSpec,
  take: Take,
): Promise<Omit<ReadRows, 'names'>> {
  const { header, recordEnd } = head;
  const syntax = recordSyntaxOf(format);
  let hasRows = false;
  let areAll = true;
  try {
    for await (const record of records(text, syntax, recordEnd, header.length)) {
      const fields = splitRecord(Buffer.from(record.bytes), syntax);
      if (fields.length !== header.length) areAll = false;
      else {
        hasRows = true;
        const row = fields.map((field) => (isNull(field, format) ? null : field.text));
        if (!take(row, header)) return { areAll: false };
      }
    }
  } catch (thrown) {
    if (!hasRows) throw thrown;
    return { areAll, stopped: asNightfeedError(thrown) };
  }
  return { areAll };
}
