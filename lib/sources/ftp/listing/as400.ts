import type { Entry } from './entry.ts';

/** A line of IBM i (AS/400): owner, size, date, time, type, name; undefined for any other line. A member has no size. */
export function as400Line(line: string): Entry | undefined {
  const match = /^\S{1,10} +(?:(\d+) +\d\S+ +\d\S+ +)?(\*[A-Z]{2,10}) +(\S.*)$/.exec(withoutBlanksBehind(line));
  if (!match) return undefined;
  const [, size, type, name] = match as unknown as [string, string | undefined, string, string];
  // A database file is a folder of members; a folder's name ends with a slash.
  const isFolder = name.endsWith('/') || /^\*(DIR|DDIR|FLR|LIB)$/.test(type);
  const isFile = /^\*(STMF|DSTMF|MEM|FILE|DOC)$/.test(type);
  return {
    name: name.replace(/\/$/, ''),
    kind: isFolder ? 'folder' : isFile ? 'file' : 'other',
    size: size !== undefined && type.endsWith('STMF') ? Number(size) : undefined,
  };
}

/** A regular expression would search for the end of the line again from each blank. */
function withoutBlanksBehind(line: string): string {
  let end = line.length;
  while (line[end - 1] === ' ') end -= 1;
  return line.slice(0, end);
}
