import { NightfeedError } from '../../core/errors.ts';
import { Carry } from '../../core/records/carry.ts';
import { splitRecord } from '../../core/records/fields.ts';
import { recordSyntaxOf } from '../../core/records/record-syntax.ts';
import { MAX_RECORD_BYTES } from '../../core/records/scan/scan.ts';
import { byteOrderMark } from '../../core/records/scan/text-check.ts';
import type { ConvertedFile, DeliveredFile } from '../../ports/file-format.ts';
import { headerAgain } from '../text/header-again.ts';
import { type LineShape, Prepared } from '../text/prepared.ts';
import { refuseSkippedData } from '../text/refuse-skipped-data.ts';
import { through } from '../text/transform.ts';
import { FilledRecords } from './filled-records.ts';
import type { CsvFormat } from './options.ts';
import { type CsvHead, readHead } from './read-head.ts';

/** Delimited text as record text: its records stay as they are, unless the feed says how they differ. */
export async function openCsv(file: DeliveredFile<CsvFormat>): Promise<ConvertedFile> {
  const { format, reading } = file;
  const prepared = new Prepared(format, shapeOf(format), file.proof);
  const { preamble } = prepared;
  const chunks = prepared.bytes(file.bytes)[Symbol.asyncIterator]();
  const { head, start } = await readStart(chunks, file);
  const headBytes = Buffer.from(start.subarray(0, head.length));
  const filled = fillingOf(format, head);
  const text = from(start.subarray(head.length), chunks);
  return {
    head,
    headBytes: Buffer.concat([preamble.bytes, headBytes]),
    text: filled ? through(filled, text) : text,
    isAsWritten: true,
    guard: headerAgain(sentNames(headBytes, head, format), head.header, format, reading),
    end(found) {
      prepared.check(found);
      const tail = (prepared.tail?.lines ?? []).map((line) => Buffer.from(line));
      const skipped = [
        { option: 'skip.head', lines: format.header ? [] : preamble.skipped },
        { option: 'skip.tail', lines: tail },
      ] as const;
      refuseSkippedData(skipped, head.header, format, reading);
      return {
        notes: [...prepared.notes, ...(filled?.notes ?? [])],
        lacksEnd: prepared.lacksEnd,
        movesBytes: prepared.movesBytes || filled?.areThere === true,
      };
    },
    explained: (thrown) => prepared.explained(thrown),
  };
}

/** The names as the header has them, or as they are declared. */
function sentNames(headBytes: Buffer, { header }: CsvHead, format: CsvFormat) {
  const isMarked = headBytes.subarray(0, byteOrderMark.length).equals(byteOrderMark);
  const bare = headBytes.subarray(isMarked ? byteOrderMark.length : 0);
  const names = format.header ? splitRecord(bare, recordSyntaxOf(format)).map(({ text }) => text) : header;
  return { names, isDeclared: format.header };
}

function shapeOf(format: CsvFormat): LineShape {
  const { header, delimiter } = format;
  return { dialect: recordSyntaxOf(format), headed: header, separator: header ? delimiter : undefined };
}

function fillingOf(format: CsvFormat, { header, recordEnd }: CsvHead): FilledRecords | undefined {
  const { min_fields: fewest } = format;
  if (fewest === undefined) return undefined;
  return new FilledRecords({ dialect: recordSyntaxOf(format), recordEnd, fields: header.length, fewest });
}

async function readStart(
  chunks: AsyncIterator<Buffer>,
  { format, ...file }: DeliveredFile<CsvFormat>,
): Promise<{ head: CsvHead; start: Buffer }> {
  const carry = new Carry();
  // Each try reads the head from the first byte. Waiting for twice as many bytes each time keeps the number of tries small, even with tiny chunks.
  for (let enough = 0; ; ) {
    const { value: chunk, done } = await chunks.next();
    if (!done) carry.append(chunk);
    const start = carry.bytes();
    if (!done && start.length < enough) continue;
    const head = readHead(start, done === true, format, file);
    if (head !== 'more') return { head, start };
    if (start.length > MAX_RECORD_BYTES)
      throw new NightfeedError('RECORD_TOO_LONG', `no end of the header within ${MAX_RECORD_BYTES} bytes`);
    enough = 2 * start.length;
  }
}

async function* from(first: Buffer, chunks: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value;
}
