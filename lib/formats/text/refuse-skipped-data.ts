import { NightfeedError } from '../../core/errors.ts';
import type { ReadingSpec } from '../../core/feed/reading-spec.ts';
import { splitRecord } from '../../core/records/fields.ts';
import { MORE, RecordEndFinder } from '../../core/records/record-end.ts';
import { type RecordSyntax, recordSyntaxOf } from '../../core/records/record-syntax.ts';
import type { RecordText } from '../../core/records/record-text.ts';
import { excerpt } from '../../core/shown-text.ts';
import { rowReader } from './row-reader.ts';

/** What `skip` left out of a file, in the order of the file. */
export interface SkippedLines {
  readonly option: 'skip.head' | 'skip.tail';
  readonly lines: readonly Buffer[];
}

/** A line read as a record: its fields, unless it is none; `isOpen` where a field goes on behind it. */
export interface SkippedLine {
  readonly isOpen: boolean;
  readonly fields?: readonly string[];
}

/**
 * Refuses a file of which a line was left out without a look at it, although it may be data: it reads like a row, if only by its key, or a quoted field
 * begins in it and does not end. The vendor sent fewer lines beside the data than declared, or the file was cut. Throws SKIPPED_DATA.
 */
export function refuseSkippedData(
  skipped: readonly SkippedLines[],
  header: readonly string[],
  format: RecordText,
  reading: ReadingSpec,
  lineOf: (line: Buffer) => SkippedLine = plainLine(recordSyntaxOf(format)),
): void {
  const read = rowReader(header, format, reading);
  for (const { option, lines } of skipped) {
    for (const line of lines) {
      const { isOpen, fields } = lineOf(line);
      const isRow = () => {
        if (fields?.length !== header.length) return false;
        const row = read(fields);
        return row.code === undefined || row.key !== undefined;
      };
      if (!isOpen && !isRow()) continue;
      const pattern = option === 'skip.head' ? 'leader' : 'trailer';
      const message = `the line ${excerpt(line.toString())}, which \`${option}\` leaves out, reads like data; where it is none, \`${pattern}\` says so`;
      throw new NightfeedError('SKIPPED_DATA', message);
    }
  }
}

/** A line of record text. */
function plainLine(dialect: RecordSyntax): (line: Buffer) => SkippedLine {
  return (line) => {
    const finder = new RecordEndFinder(dialect, 'any');
    if (finder.find(line, 0) === MORE && finder.insideQuotes) return { isOpen: true };
    return finder.misquoted
      ? { isOpen: false }
      : { isOpen: false, fields: splitRecord(line, dialect).map(({ text }) => text) };
  };
}
