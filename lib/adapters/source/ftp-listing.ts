import { type Client, parseList } from 'basic-ftp';
import { NightfeedError } from '../../core/errors.ts';
import { isFileName } from './file-name.ts';

/** A plain file of a listing; undefined is what the listing does not tell reliably. */
interface Listed {
  readonly name: string;
  readonly size: number | undefined;
  /** ISO instant. */
  readonly modified: string | undefined;
}

/** The plain files of the working folder. Throws SOURCE_SHORT for a listing that was cut. */
export async function listFolder(client: Client): Promise<Listed[]> {
  let text = '';
  client.parseList = (raw) => {
    text = raw;
    return [];
  };
  await client.list();
  const files = client.availableListCommands[0] === 'MLSD' ? parseMlsd(text) : parseOldList(text);
  return files.filter((file) => isFileName(file.name));
}

/** Names of all entries of the working folder, folders included. */
export async function listNames(client: Client): Promise<string[]> {
  let text = '';
  client.parseList = (raw) => {
    text = raw;
    return [];
  };
  await client.list();
  if (client.availableListCommands[0] !== 'MLSD') return parseList(text).map((entry) => entry.name);
  return text.split(/\r?\n/).map((line) => line.slice(line.indexOf(' ') + 1));
}

/**
 * RFC 3659, section 7. basic-ftp's own parser is not used: it takes a missing size for 0, fails on an unreadable time and
 * wants `type=file` in lower case.
 */
export function parseMlsd(text: string): Listed[] {
  if (text !== '' && !text.endsWith('\n')) {
    throw new NightfeedError('SOURCE_SHORT', 'The listing of the folder ended in the middle of a line.');
  }
  return text.split(/\r?\n/).flatMap((line) => {
    const match = /^((?:[^=;\s]+=[^;]*;)+) (.+)$/.exec(line);
    if (!match) return [];
    const facts = new Map(match[1]!.split(';').map((fact) => splitFact(fact)));
    if (facts.get('type')?.toLowerCase() !== 'file') return [];
    return [{ name: match[2]!, size: parseSize(facts.get('size')), modified: parseTime(facts.get('modify')) }];
  });
}

function splitFact(fact: string): [string, string] {
  const at = fact.indexOf('=');
  return [fact.slice(0, at).toLowerCase(), fact.slice(at + 1)];
}

function parseSize(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** `YYYYMMDDHHMMSS[.sss]` in UTC, RFC 3659, section 2.3. */
function parseTime(text: string | undefined): string | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d{1,3})\d*)?$/.exec(text ?? '');
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second, fraction = ''] = match;
  const time = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.padEnd(3, '0')}Z`);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

/** LIST as Unix and DOS servers print it. Its times have no year or no zone, so they are left out. */
function parseOldList(text: string): Listed[] {
  return parseList(text)
    .filter((entry) => entry.isFile)
    .map((entry) => ({ name: entry.name, size: entry.size, modified: undefined }));
}
