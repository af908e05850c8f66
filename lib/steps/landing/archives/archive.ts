import type { ArchiveKind } from '../../../core/archives/layers.ts';
import { NightfeedError } from '../../../core/errors.ts';
import { excerpt } from '../../../core/shown-text.ts';
import type { ArchivedFile } from './member.ts';
import { tarMembers } from './tar.ts';
import { zipMembers } from './zip.ts';

/** The files in an archive, in its order, while it arrives. It ends only when the whole archive is checked. */
export const membersOf: Record<ArchiveKind, (received: AsyncIterable<Buffer>) => AsyncGenerator<ArchivedFile>> = {
  zip: zipMembers,
  tar: tarMembers,
};

/** The only file in an archive. Of a small one, nothing is given out before the whole archive is checked. Throws ARCHIVE_SHAPE. */
export async function* onlyFile(members: AsyncIterable<ArchivedFile>): AsyncGenerator<Buffer> {
  const held: Buffer[] = [];
  let heldBytes = 0;
  let only: string | undefined;
  for await (const member of members) {
    if (only !== undefined) throw several(only, member.name);
    only = member.name;
    for await (const chunk of member.bytes()) {
      heldBytes += chunk.length;
      held.push(chunk);
      if (heldBytes > HELD_BYTES) yield* held.splice(0);
    }
  }
  if (only === undefined)
    throw new NightfeedError('ARCHIVE_SHAPE', 'no file in the archive; expected one plain file', {
      hint: 'Production is untouched. Ask the vendor for a whole archive, then run the same command again.',
    });
  yield* held;
}

const HELD_BYTES = 1_000_000;

function several(first: string, second: string): NightfeedError {
  return new NightfeedError(
    'ARCHIVE_SHAPE',
    `${excerpt(first)} and ${excerpt(second)} are both in the archive; expected one plain file`,
    {
      hint: 'Production is untouched. Write behind the archive which members are the table, such as files: "NAME.zip/orders*.csv", and what no table takes into `ignore_members`, such as ["README*"]; or ask the vendor for one file.',
    },
  );
}
