import { NightfeedError } from '../../../core/errors.ts';
import { splitRecord } from '../../../core/records/fields.ts';
import { recordSyntaxOf } from '../../../core/records/record-syntax.ts';
import { convertedText } from '../../../core/records/record-text.ts';
import type { LineAsRecord } from '../../text/beside/row-likeness.ts';
import { type ByteTables, byteTablesOf } from './byte-tables.ts';
import type { Dialect } from './dialect.ts';
import { MORE } from './record-ends.ts';
import { RecordRewriter } from './record-rewriter.ts';

/** What records a text would hold in a file of this dialect, as record text. The text is that of a field, its quotes doubled. */
export function recordsWithin(dialect: Dialect): (text: Buffer) => Buffer[] {
  const tables = byteTablesOf(dialect);
  return (text) => {
    if (!text.includes(dialect.delimiter)) return [];
    const found: Buffer[] = [];
    const single = Buffer.from(text.toString('latin1').replaceAll('""', '"'), 'latin1');
    try {
      for (const { record } of recordsOf(single, dialect, tables)) found.push(record);
    } catch (thrown) {
      // What follows is no record of the file either.
      if (!(thrown instanceof NightfeedError)) throw thrown;
    }
    return found;
  };
}

/** A line of the file, without its end, read as a record. */
export function lineOfDialect(dialect: Dialect): (line: Buffer) => LineAsRecord {
  const tables = byteTablesOf(dialect);
  const damaged = (line: Buffer) => {
    const cut = line.toString().split(dialect.delimiter.toString());
    return { isOpen: false, isWhole: false, isBuiltAlike: cut.length > 1, fields: cut };
  };
  return (line) => {
    try {
      const [first, ...others] = recordsOf(line, dialect, tables);
      if (first === undefined || first.isFaulty || others.length > 0) return damaged(line);
      const fields = splitRecord(first.record, recordSyntaxOf(convertedText)).map(({ text }) => text);
      return { isOpen: false, isWhole: true, isBuiltAlike: fields.length > 1, fields };
    } catch (thrown) {
      if (!(thrown instanceof NightfeedError)) throw thrown;
      return { ...damaged(line), isOpen: true };
    }
  };
}

function* recordsOf(
  text: Buffer,
  dialect: Dialect,
  tables: ByteTables,
): Generator<{ readonly record: Buffer; readonly isFaulty: boolean }> {
  const length = text.length;
  const rewriter = new RecordRewriter(dialect, () => 'a line', tables);
  rewriter.begin(
    { bytes: Buffer.concat([text, Buffer.from('\n')]), length, isEnded: true },
    Buffer.allocUnsafe(3 * length + 16),
  );
  for (let at = 0; at < length; ) {
    const from = rewriter.filled;
    at = rewriter.next(at);
    if (at === MORE) return;
    if (rewriter.kind === 'record' || rewriter.kind === 'blank')
      yield { record: rewriter.out.subarray(from, rewriter.filled), isFaulty: rewriter.fault !== undefined };
  }
}
