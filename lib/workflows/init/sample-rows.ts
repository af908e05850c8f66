import { type FeedFormat, isRecordText, recordTextOf } from '../../core/feed/descriptors/format-descriptor.ts';
import type { ReadingSpec } from '../../core/feed/reading-spec.ts';
import { contract } from '../../core/feed/spec/contract.ts';
import { isNull, splitRecord } from '../../core/records/fields.ts';
import { records } from '../../core/records/record-stream.ts';
import { recordSyntaxOf } from '../../core/records/record-syntax.ts';
import type { ConvertedFile, FileFormat } from '../../ports/file-format.ts';
import type { Using } from '../../ports/ports.ts';
import { keptOnce } from '../../steps/landing/kept-once.ts';

/** Rows of a sample as the night will read them. */
export interface SampledRows {
  readonly names: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
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

/** Fields that are kept: about 64 bytes of memory each. */
export const MAX_FIELDS = 4_000_000;

/**
 * Reads a sample of so many bytes in a format, by the reader of the night itself. A sample may be cut within a record; that one is
 * left out.
 */
export async function sampleRows(
  bytes: AsyncIterable<Buffer>,
  size: number,
  { kind, format, names, engine }: SampleReading,
): Promise<SampledRows> {
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
    return { names: file.head.header, ...(await rowsOf(file, reading)) };
  } finally {
    await kept.remove();
  }
}

async function rowsOf({ head, text }: ConvertedFile, { format }: ReadingSpec): Promise<Omit<SampledRows, 'names'>> {
  const { header, recordEnd } = head;
  const syntax = recordSyntaxOf(format);
  const rows: (string | null)[][] = [];
  let areAll = true;
  try {
    for await (const record of records(text, syntax, recordEnd, header.length)) {
      const fields = splitRecord(Buffer.from(record.bytes), syntax);
      if (fields.length === header.length)
        rows.push(fields.map((field) => (isNull(field, format) ? null : field.text)));
      else areAll = false;
      if (rows.length * header.length > MAX_FIELDS) return { rows, areAll: false };
    }
  } catch (thrown) {
    // The end of a sample is not the end of its file.
    if (rows.length === 0) throw thrown;
    areAll = false;
  }
  return { rows, areAll };
}
