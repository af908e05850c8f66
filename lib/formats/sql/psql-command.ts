import { otherStatement } from './refusals.ts';

/**
 * Behind a line for psql; undefined when it is not whole. Newer dumps begin and end with one that keeps psql from obeying others, and the first
 * may name the database. Throws SQL_STATEMENT for others.
 */
export function commandEnd(bytes: Buffer, start: number, isLast: boolean, isBeforeRows: boolean): number | undefined {
  const end = bytes.indexOf('\n', start);
  if (end < 0 && !isLast) return undefined;
  const line = bytes.toString('utf8', start, end < 0 ? bytes.length : end);
  const isHarmless = /^\\(un)?restrict /.test(line) || (/^\\connect /.test(line) && isBeforeRows);
  if (!isHarmless) throw otherStatement('a command is not executed', bytes, start);
  return end < 0 ? bytes.length : end + 1;
}
