import { MemberRoute } from '../../core/delivery/member-route.ts';
import { NightfeedError } from '../../core/errors.ts';
import type { ArrivedFile } from '../../core/run/arrive-receipt.ts';
import { excerpt } from '../../core/shown-text.ts';
import type { Source } from '../../ports/source.ts';
import { archived, decompressed } from '../../steps/landing/decompression.ts';

/** The unpacked bytes of a file, or of the first member of an archive that its table takes. */
export interface SampledContent {
  readonly name: string;
  readonly size: number;
  readonly bytes: AsyncIterable<Buffer>;
}

/** Opens a file for `work`, which may read only its beginning. */
export async function withContent<T>(
  source: Source,
  file: ArrivedFile,
  work: (content: SampledContent) => Promise<T>,
): Promise<T> {
  const received = source.read(file.name);
  try {
    if (!file.members) return await work({ ...file, bytes: decompressed(file.name, received).bytes });
    const route = new MemberRoute([file]);
    for await (const member of archived(file.name, received)!.members) {
      if (route.tableOf(member.name) === undefined) continue;
      return await work({ name: `${file.name}/${member.name}`, size: file.size, bytes: member.bytes() });
    }
    throw new NightfeedError('ARCHIVE_SHAPE', `${excerpt(file.name)} has no member of the table ${file.table}`);
  } finally {
    received.destroy();
  }
}
