import { NightfeedError } from '../../../core/errors.ts';
import { splitRecord } from '../../../core/records/fields.ts';
import { MORE, RecordEndFinder } from '../../../core/records/record-end.ts';
import type { RecordSyntax } from '../../../core/records/record-syntax.ts';
import { excerpt } from '../../../core/shown-text.ts';
import type { LeftOut } from './left-out.ts';
import { literalsOf } from './line-pattern.ts';
import { keyPlaces, type LineAsRecord, type RowLikeness, type RowShape, rowLikeness } from './row-likeness.ts';

export interface LeftOutReading extends RowShape {
  /** A header stands between the first lines and the data. */
  readonly headed: boolean;
  /** Reads a line as the format reads its records. */
  readonly lineOf: (line: Buffer) => LineAsRecord;
}

/**
 * Refuses a file of which a line was left out that may be data: it reads like a row, or like one that came damaged. The vendor sent fewer lines
 * beside the data than declared, or the file was cut. Throws SKIPPED_DATA.
 */
export function refuseLeftOutData(lines: readonly LeftOut[], reading: LeftOutReading): void {
  if (lines.length === 0) return;
  const likeness = rowLikeness(reading);
  for (const each of lines) {
    const found = likeness(reading.lineOf(each.line));
    const isBeforeHeader = reading.headed && isFirst(each);
    if (found === undefined || (each.pattern !== undefined && isNamed(each.pattern, found, isBeforeHeader, reading)))
      continue;
    // A title is free text, and a damaged row does not come before the header.
    if (found === 'broken' && isBeforeHeader) continue;
    throw new NightfeedError('SKIPPED_DATA', complaint(each, found));
  }
}

/** A line of record text. */
export function lineOfText(dialect: RecordSyntax): (line: Buffer) => LineAsRecord {
  return (line) => {
    const finder = new RecordEndFinder(dialect, 'any');
    const isOpen = finder.find(line, 0) === MORE && finder.insideQuotes;
    const isWhole = !isOpen && !finder.misquoted;
    const fields = isWhole
      ? splitRecord(line, dialect).map(({ text }) => text)
      : line.toString().split(String.fromCharCode(dialect.delimiter));
    return { isOpen, isWhole, isBuiltAlike: fields.length > 1, fields };
  };
}

/**
 * Whether a pattern tells a line from data: it says a whole field of the key, so that no other row is like it, or a word that no damaged row has,
 * and no row that comes before the header.
 */
function isNamed(
  pattern: string,
  found: RowLikeness,
  isBeforeHeader: boolean,
  { header, reading, lineOf }: LeftOutReading,
): boolean {
  const literals = literalsOf(pattern);
  if ((found === 'broken' || isBeforeHeader) && literals.some((text) => /\p{L}{2}/u.test(text))) return true;
  // What stands behind the first * may be anywhere.
  const { fields } = lineOf(Buffer.from(literals[0]! + OPEN));
  const open = fields.findIndex((text) => text.includes(OPEN));
  return keyPlaces(header, reading).some(({ place }) => (open < 0 ? fields[place] !== '' : place < open));
}

/** Stands behind what a pattern says, where it leaves the rest open. */
const OPEN = '\0';

function isFirst({ option }: LeftOut): boolean {
  return option !== 'trailer' && option !== 'skip.tail';
}

function complaint(each: LeftOut, found: RowLikeness): string {
  const { option, line, pattern } = each;
  const like = found === 'row' ? 'reads like a row of the data' : 'may be a row of the data that came damaged';
  const says = pattern === undefined ? `\`${option}\`` : `\`${option}: ${excerpt(pattern)}\``;
  const name = isFirst(each) ? 'leader' : 'trailer';
  const way =
    pattern === undefined
      ? `where it is none, \`${name}\` names it: what it begins with, up to the delimiter behind the key, and then *`
      : 'where it is none, let the pattern say all up to the delimiter behind the key, or let `drop_row_when` leave out what it says';
  return `the line ${excerpt(line.toString())}, which ${says} leaves out, ${like}; ${way}`;
}
