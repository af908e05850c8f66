import { as400Line } from './as400.ts';
import { dosLine } from './dos.ts';
import { type Entry, unreadable } from './entry.ts';
import { eplfLine } from './eplf.ts';
import { isTotal, unixLine } from './unix.ts';

/**
 * The entries of LIST, which no standard describes: Unix in every language, DOS, EPLF and IBM i are understood. Throws
 * LISTING_UNREADABLE for any other line.
 */
export async function* parseList(lines: AsyncIterable<string>): AsyncGenerator<Entry> {
  let place = 0;
  for await (const line of lines) {
    place += 1;
    const others = place <= 2 ? foreign.find(({ isHead }) => isHead.test(line)) : undefined;
    if (others) throw unreadable(line, `a listing as ${others.system} prints it, which does not tell sizes in bytes`);
    const entry = unixLine(line) ?? dosLine(line) ?? eplfLine(line) ?? as400Line(line);
    if (entry) yield entry;
    else if (place > 1 || !isTotal(line))
      throw unreadable(line, 'a line of the listing is neither Unix, DOS, EPLF nor IBM i');
  }
}

const foreign = [
  { system: 'MVS', isHead: /^\s*(Volume\s+Unit|Name\s+VV\.MM)/ },
  { system: 'VMS', isHead: /^\s*(Directory \S+\[|\S+;\d+\s)/ },
];
