import type { FileEntryWithStats } from 'ssh2';
import type { Limits } from '../common/limits.ts';
import { ListingSize } from '../common/listing-size.ts';
import { Pace } from '../common/pace.ts';
import { END_OF_FILE, NO_SUCH_FILE } from './sftp-failure.ts';
import { type SftpSession, SftpStatus } from './sftp-session.ts';

/** The entries of a folder, one by one as they arrive. ssh2's own listing would first hold all of them in memory. */
export async function* entriesOf(
  session: SftpSession,
  path: string,
  limits: Limits,
): AsyncGenerator<FileEntryWithStats> {
  const size = new ListingSize(limits);
  const pace = new Pace(limits, (slow) => session.close(slow));
  let isOpen = false;
  try {
    const handle = await session.ask<Buffer>((sftp, done) => sftp.opendir(path, done));
    isOpen = true;
    try {
      for (;;) {
        const some = await session.ask<FileEntryWithStats[]>((sftp, done) =>
          (sftp as unknown as WholeFolder).readdir(handle, { full: true }, done),
        );
        // An answer without names counts as one name: a server could send such answers for ever.
        size.addNames(Math.max(1, some.length));
        for (const entry of some) {
          const bytes = entry.filename.length + entry.longname.length;
          pace.came(bytes);
          size.addBytes(bytes);
        }
        pace.hold();
        yield* some;
        pace.goOn();
      }
    } finally {
      session.ask((sftp, done) => sftp.close(handle, done)).catch(() => {});
    }
  } catch (thrown) {
    // When a folder is removed while it is listed, only a part of its entries came, so that is an error.
    if (!(thrown instanceof SftpStatus) || thrown.code !== (isOpen ? END_OF_FILE : NO_SUCH_FILE)) throw thrown;
  } finally {
    pace.stop();
  }
}

/** An option of ssh2 that its types lack. Without it ssh2 drops `.` and `..`, and a server could send these without end, uncounted. */
interface WholeFolder {
  readdir(
    handle: Buffer,
    options: { readonly full: true },
    done: (error: unknown, some?: FileEntryWithStats[]) => void,
  ): void;
}
