import type { Entry } from './entry.ts';

/** A line of DOS, as IIS prints it; undefined for any other line. */
export function dosLine(line: string): Entry | undefined {
  const match = pattern.exec(line);
  if (!match) return undefined;
  const [, what, name] = match as unknown as [string, string, string];
  const size = what.replaceAll(/[.,'’ ]/g, '');
  if (/^\d{1,15}$/.test(size)) return { name, kind: 'file', size: Number(size) };
  return {
    name: name.split(' [')[0]!,
    kind: /^<DIR>$/i.test(what) ? 'folder' : /LINK|JUNCTION/i.test(what) ? 'link' : 'other',
  };
}

/** 11-20-26  02:03PM       1,234 name; the date in any order, <DIR>, <JUNCTION>, <SYMLINKD> instead of a size. */
const pattern =
  /^\s*\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4},? +\d{1,2}:\d{2}(?::\d{2})? ?(?:[AaPp][Mm]?)? +(<[A-Z]+>|\d[\d.,'’]*) +(\S.*)$/;
