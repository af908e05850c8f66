import { as400Line } from './as400.ts';
import { dosLine } from './dos.ts';
import { type Entry, listingLines, unreadable } from './entry.ts';
import { eplfLine } from './eplf.ts';
import { isTotal, unixLine } from './unix.ts';

/**
 * The entries of LIST, which no standard describes: Unix in every language, DOS, EPLF and IBM i are understood. Throws
 * LISTING_UNREADABLE for any other line, SOURCE_SHORT for a listing that was cut.
 */
export function parseList(text: string): Entry[] {
  const lines = listingLines(text);
  const others = foreign.find(({ isHead }) => lines.slice(0, 2).some((line) => isHead.test(line)));
  if (others)
    throw unreadable(lines[0]!, `a listing as ${others.system} prints it, which does not tell sizes in bytes`);
  return lines.flatMap((line, index) => {
    const entry = unixLine(line) ?? dosLine(line) ?? eplfLine(line) ?? as400Line(line);
    if (entry) return [entry];
    if (index === 0 && isTotal(line)) return [];
    throw unreadable(line, 'a line of the listing is neither Unix, DOS, EPLF nor IBM i');
  });
}

const foreign = [
  { system: 'MVS', isHead: /^\s*(Volume\s+Unit|Name\s+VV\.MM)/ },
  { system: 'VMS', isHead: /^\s*(Directory \S+\[|\S+;\d+\s)/ },
];
