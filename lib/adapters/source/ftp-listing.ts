import { type Client, FTPError } from 'basic-ftp';
import { isFileName } from './file-name.ts';
import type { Entry } from './listing/entry.ts';
import { parseList } from './listing/list.ts';
import { parseFacts, parseMlsd } from './listing/mlsd.ts';

/** The files of the working folder, and links, of which only the server knows where they lead. */
export async function listFolder(client: Client): Promise<Entry[]> {
  return (await entriesOf(client)).filter(({ name, kind }) => isFileName(name) && (kind === 'file' || kind === 'link'));
}

/** Names of all entries of the working folder, folders included. */
export async function listNames(client: Client): Promise<string[]> {
  return (await entriesOf(client)).map(({ name }) => name);
}

/**
 * One file as the listing tells it: a server's MLSD and MDTM may disagree about the zone, so that what one said is compared
 * with nothing but its like. null where the server lists without MLSD, or has no MLST and the file is gone.
 */
export async function relist(client: Client, name: string): Promise<Entry | null> {
  if (!hasMlsd(client)) return null;
  try {
    const { message } = await client.send(`MLST ${name}`);
    const line = message.split(/\r?\n/).find((each) => each.startsWith(' '));
    if (line !== undefined) return { ...parseFacts(line), name };
  } catch (thrown) {
    if (!(thrown instanceof FTPError) || thrown.code < 500 || thrown.code === 530) throw thrown;
  }
  return (await listFolder(client)).find((entry) => entry.name === name) ?? null;
}

/**
 * Everything in the working folder. basic-ftp's own parsers are not used: they drop lines that they cannot read, take a
 * missing size for 0, fail on an unreadable time and want `type=file` in lower case.
 */
export async function entriesOf(client: Client): Promise<Entry[]> {
  let text = '';
  client.parseList = (raw) => {
    text = raw;
    return [];
  };
  await client.list();
  return hasMlsd(client) ? parseMlsd(text) : parseList(text);
}

function hasMlsd(client: Client): boolean {
  return client.availableListCommands[0] === 'MLSD';
}
