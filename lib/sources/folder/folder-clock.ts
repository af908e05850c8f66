import { randomUUID } from 'node:crypto';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The time by the clock that stamps the files of a folder: that of a new file in `own`, which lies on the same file system. null where
 * it lies on another one, such as a network drive, because that clock may differ.
 */
export async function folderClock(folder: string, own: string): Promise<Date | null> {
  try {
    await mkdir(own, { recursive: true });
    const [theirs, ours] = await Promise.all([stat(folder), stat(own)]);
    if (theirs.dev !== ours.dev) return null;
    const probe = join(own, `clock-${randomUUID()}`);
    await writeFile(probe, '');
    try {
      return (await stat(probe)).mtime;
    } finally {
      await rm(probe, { force: true });
    }
  } catch {
    return null;
  }
}
