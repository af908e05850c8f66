import { type Entry, unreadable } from './entry.ts';

/** The entries of MLSD, RFC 3659, section 7. Throws LISTING_UNREADABLE. */
export async function* parseMlsd(lines: AsyncIterable<string>): AsyncGenerator<Entry> {
  for await (const line of lines) yield parseFacts(line);
}

/**
 * One line of MLSD, or the line of MLST, which begins with a blank. Some servers leave out the last semicolon that RFC 3659 demands;
 * in their lines no value contains a blank.
 */
export function parseFacts(line: string): Entry {
  const match =
    /^ *((?:[^=;\s]+=[^;]*;)+) (.+)$/.exec(line) ?? /^ *((?:[^=;\s]+=[^;\s]*;)*[^=;\s]+=[^;\s]*) (.+)$/.exec(line);
  if (!match) throw unreadable(line, 'no facts and a name in a line of MLSD');
  const facts = new Map(match[1]!.split(';').map((fact) => splitFact(fact)));
  const size = parseSize(facts.get('size'));
  const kind = kindOf(facts.get('type')?.toLowerCase(), size);
  if (kind === undefined) throw unreadable(line, 'a line of MLSD does not tell whether it is a file');
  return { name: match[2]!, kind, size, modified: parseTime(facts.get('modify')) };
}

function kindOf(type: string | undefined, size: number | undefined): Entry['kind'] | undefined {
  // A server may leave out the type; an entry with a size in bytes is a file.
  if (type === undefined) return size === undefined ? undefined : 'file';
  if (type === 'file') return 'file';
  if (type === 'dir' || type === 'cdir' || type === 'pdir') return 'folder';
  return /^os\.unix=s(ym)?link/.test(type) ? 'link' : 'other';
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
