import { NightfeedError } from '../../core/errors.ts';
import type { ReadingSpec } from '../../core/feed/reading-spec.ts';
import { splitRecord } from '../../core/records/fields.ts';
import { MORE, RecordEndFinder } from '../../core/records/record-end.ts';
import { recordSyntaxOf } from '../../core/records/record-syntax.ts';
import type { RecordText } from '../../core/records/record-text.ts';
import { excerpt } from '../../core/shown-text.ts';
import { rowReader } from './row-reader.ts';

/** What `skip` left out of a file, in the order of the file. */
export interface SkippedLines {
  readonly option: 'skip.head' | 'skip.tail';
  readonly lines: readonly Buffer[];
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
): void {
  const dialect = recordSyntaxOf(format);
  const read = rowReader(header, format, reading);
  for (const { option, lines } of skipped) {
    for (const line of lines) {
      const finder = new RecordEndFinder(dialect, 'any');
      const isOpen = finder.find(line, 0) === MORE && finder.insideQuotes;
      const isRow = () => {
        const fields = splitRecord(line, dialect).map(({ text }) => text);
        const row = read(fields);
        return fields.length === header.length && (row.code === undefined || row.key !== undefined);
      };
      if (!isOpen && (finder.misquoted || !isRow())) continue;
      const pattern = option === 'skip.head' ? 'leader' : 'trailer';
      const message = `the line ${excerpt(line.toString())}, which \`${option}\` leaves out, reads like data; where it is none, \`${pattern}\` says so`;
      throw new NightfeedError('SKIPPED_DATA', message);
    }
  }
}
