import { formatKindOf } from '../../core/feed/descriptors/format-descriptor.ts';
import { deliveredColumnsOf, readingSpecOf } from '../../core/feed/reading-spec.ts';
import type { Table } from '../../core/feed/spec.ts';
import type { LandedFile } from '../../core/run/pull-receipt.ts';
import type { ConvertedFile, DeliveredFile, FileFormat } from '../../ports/file-format.ts';
import type { Ports, Using } from '../../ports/ports.ts';
import { requireThere } from '../retention/removed-by-keep.ts';
import { fileBytes } from './file-bytes.ts';
import { keptOnce } from './kept-once.ts';

export type ReadingPorts = Pick<Ports, 'formats' | 'store'> & Using<'engine', 'keepLocally'>;

/** A file that landed, opened once more in the format of a table. Throws REMOVED_BY_KEEP, and what `fileBytes` and the format throw. */
export async function* openedAgain<T>(
  file: LandedFile,
  table: Table,
  ports: ReadingPorts,
  read: (converted: ConvertedFile) => AsyncIterable<T>,
  { isPlaced }: Pick<DeliveredFile<unknown>, 'isPlaced'> = {},
): AsyncGenerator<T> {
  await requireThere([file.raw ?? file.parts[0]?.key ?? []].flat(), ports);
  const kept = keptOnce(ports, file.sent ?? file.size);
  const bytes = fileBytes(file, ports.store);
  const { format, contract, ignore } = table;
  try {
    const converted = await formatKindOf<FileFormat>(format, ports.formats).open({
      format,
      bytes,
      localFile: () => kept.localFile(bytes),
      columns: deliveredColumnsOf(table),
      contract,
      ignore,
      reading: readingSpecOf(table),
      // The night proved the file whole before its receipt was written.
      proof: () => 'the receipt of the night',
      ...(isPlaced ? { isPlaced } : {}),
    });
    yield* read(converted);
  } finally {
    await bytes.return(undefined);
    await kept.remove();
  }
}
