import type { FormatColumn, FormatComplaint } from '../../core/feed/descriptors/format-descriptor.ts';
import type { FileFormat } from '../../ports/file-format.ts';
import { type ParquetFormat, parquetOptions } from './options.ts';

/** Columns with their types, packed. Its end says where everything is, so it is read when all of it is there. */
export const parquet: FileFormat<typeof parquetOptions> = {
  name: 'parquet',
  isSpooled: true,
  options: parquetOptions,
  complaints: fieldComplaints,
  async open(file) {
    const { openParquet } = await import('./open.ts');
    return openParquet(file);
  },
};

function* fieldComplaints(
  { fields = {} }: ParquetFormat,
  columns: readonly FormatColumn[],
): Generator<FormatComplaint> {
  const read = new Set(
    columns.map(({ name, from = name }) => (typeof from === 'string' ? from : (from as { name: string }).name)),
  );
  for (const name of Object.keys(fields))
    if (!read.has(name)) yield { message: 'no column of the table reads this field', path: ['format', 'fields', name] };
}
