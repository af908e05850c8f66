import { Readable } from 'node:stream';
import { NightfeedError } from '../../core/errors.ts';
import { type FeedFormat, recordTextOf } from '../../core/feed/descriptors/format-descriptor.ts';
import type { ReadingSpec } from '../../core/feed/reading-spec.ts';
import { contract } from '../../core/feed/spec/contract.ts';
import { isNull, splitRecord } from '../../core/records/fields.ts';
import { records } from '../../core/records/record-stream.ts';
import { recordSyntaxOf } from '../../core/records/record-syntax.ts';
import type { FileFormat } from '../../ports/file-format.ts';

/** Rows of a sample as the night will read them. */
export interface SampledRows {
  readonly names: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
  /** Records that have not as many fields as there are names. */
  readonly misshapen: number;
  readonly notes: readonly string[];
}

/** Fields that are kept: about 64 bytes of memory each. */
const MAX_FIELDS = 4_000_000;

/** Reads a sample in a format, by the reader of the night itself. A sample may be cut within a record; that one is left out. */
export async function sampleRows(
  bytes: Buffer,
  kind: FileFormat,
  { format, names }: { readonly format: FeedFormat; readonly names: readonly string[] },
): Promise<SampledRows> {
  const text = recordTextOf(format);
  const columns = names.map((name) => ({ name, type: 'text' as const, key: false, required: false }));
  const reading: ReadingSpec = { format: text, columns };
  const file = await kind.open({
    format,
    bytes: Readable.from([bytes]),
    localFile: () => Promise.reject(new NightfeedError('USAGE', `samples of ${kind.name} cannot be read yet`)),
    columns,
    contract: contract.parse({ added: 'ignore' }),
    reading,
    proof: () => 'the sample',
  });
  const { header, recordEnd } = file.head;
  const syntax = recordSyntaxOf(text);
  const rows: (string | null)[][] = [];
  let misshapen = 0;
  try {
    for await (const record of records(file.text, syntax, recordEnd, header.length)) {
      const fields = splitRecord(Buffer.from(record.bytes), syntax);
      if (fields.length === header.length) rows.push(fields.map((field) => (isNull(field, text) ? null : field.text)));
      else misshapen += 1;
      if (rows.length * header.length > MAX_FIELDS) break;
    }
  } catch (thrown) {
    // The end of a sample is not the end of its file.
    if (rows.length === 0) throw thrown;
  }
  return { names: header, rows, misshapen, notes: file.head.notes };
}
