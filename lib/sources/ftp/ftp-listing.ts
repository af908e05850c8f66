import { FTPError } from 'basic-ftp';
import { isFileName } from '../common/file-name.ts';
import type { Limits } from '../common/limits.ts';
import { ListingSize } from '../common/listing-size.ts';
import { Pace } from '../common/pace.ts';
import type { FtpClient } from './ftp-client.ts';
import { receiveData } from './ftp-data.ts';
import type { Entry } from './listing/entry.ts';
import { linesOf } from './listing/lines.ts';
import { parseList } from './listing/list.ts';
import { parseFacts, parseMlsd } from './listing/mlsd.ts';

/** The wanted files of the working folder, links among them: only the server knows where a link leads. */
export async function listFolder(
  client: FtpClient,
  limits: Limits,
  isWanted: (name: string) => boolean,
): Promise<Entry[]> {
  const size = new ListingSize(limits);
  const found: Entry[] = [];
  await seeEntries(client, limits, (entry) => {
    const { name, kind } = entry;
    if (!isFileName(name) || (kind !== 'file' && kind !== 'link') || !isWanted(name)) return;
    size.addFile(name);
    // A copied string: a slice would keep the whole line in memory.
    found.push({ ...entry, name: Buffer.from(name).toString() });
  });
  return found;
}

/**
 * One file, asked in the way of the listing, because MLSD and MDTM of one server may use different time zones and must not be mixed.
 * null where the server lists without MLSD, or where it has no MLST and the file is gone.
 */
export async function relist(client: FtpClient, limits: Limits, name: string): Promise<Entry | null> {
  if (!hasMlsd(client)) return null;
  try {
    const { message } = await client.send(`MLST ${name}`);
    const line = message.split(/\r?\n/).find((each) => each.startsWith(' '));
    if (line !== undefined) return { ...parseFacts(line), name };
  } catch (thrown) {
    if (!(thrown instanceof FTPError) || thrown.code < 500 || thrown.code === 530) throw thrown;
  }
  return (await listFolder(client, limits, (each) => each === name))[0] ?? null;
}

/**
 * Passes on each entry of the working folder. basic-ftp's own parsers are not used: they drop lines that they cannot read, take a
 * missing size for 0, fail on an unreadable time, and accept `type=file` in lower case only.
 */
export async function seeEntries(client: FtpClient, limits: Limits, see: (entry: Entry) => void): Promise<void> {
  const size = new ListingSize(limits);
  const pace = new Pace(limits, (slow) => client.giveUp(slow));
  const counted = async function* (data: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of data) {
      pace.came(chunk.length);
      size.addBytes(chunk.length);
      yield chunk;
    }
  };
  const parse = hasMlsd(client) ? parseMlsd : parseList;
  try {
    await receiveData(client, client.availableListCommands[0]!, async (data) => {
      for await (const entry of parse(linesOf(counted(data)))) {
        size.addNames(1);
        see(entry);
      }
    });
  } finally {
    pace.stop();
  }
}

function hasMlsd(client: FtpClient): boolean {
  return client.availableListCommands[0] === 'MLSD';
}
