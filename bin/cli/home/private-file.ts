import { constants, type WriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { NightfeedError } from '../../../lib/core/errors.ts';
import { userName } from './unix-names.ts';

const { O_CREAT, O_NOFOLLOW, O_WRONLY } = constants;

/**
 * Opens a file for vendors' rows that only this user can read, also when a file with open rights is there already. It never writes into a
 * file of somebody else, or through a link. A device such as /dev/stdout is used as it is.
 */
export async function privateFile(path: string): Promise<WriteStream> {
  const isDevice = path.startsWith('/dev/') || path.startsWith('/proc/self/fd/');
  const handle = await open(path, O_WRONLY | O_CREAT | (isDevice ? 0 : O_NOFOLLOW), 0o600);
  const found = await handle.stat();
  const me = process.getuid?.();
  if (!isDevice && me !== undefined && found.uid !== me) {
    await handle.close();
    throw new NightfeedError('OTHER_USER', `${path} belongs to ${userName(found.uid)}`, {
      hint: 'Remove it, or name another file.',
    });
  }
  if (found.isFile() && !isDevice) {
    await handle.chmod(0o600);
    await handle.truncate();
  }
  return handle.createWriteStream();
}
