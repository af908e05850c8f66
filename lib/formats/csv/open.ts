import { NightfeedError } from '../../core/errors.ts';
import { isRecordText } from '../../core/feed/descriptors/format-descriptor.ts';
import { splitRecord } from '../../core/records/fields.ts';
import { recordSyntaxOf } from '../../core/records/record-syntax.ts';
import { convertedText } from '../../core/records/record-text.ts';
import { MAX_RECORD_BYTES } from '../../core/records/scan/scan.ts';
import { byteOrderMark } from '../../core/records/scan/text-check.ts';
import type { ConvertedFile, DeliveredFile, Proof } from '../../ports/file-format.ts';
import { CommentRows } from '../text/beside/comment-rows.ts';
import { lineOfText, refuseLeftOutData } from '../text/beside/refuse-left-out-data.ts';
import { headerAgain } from '../text/header-again.ts';
import { brokenEnd, type LineShape, Prepared } from '../text/prepared.ts';
import { readStart, restFrom } from '../text/read-start.ts';
import { Trail } from '../text/trail.ts';
import { through } from '../text/transform.ts';
import { FilledRecords } from './filled-records.ts';
import type { CsvFormat } from './options.ts';
import { CsvPlaces } from './places.ts';
import { type CsvHead, readHead } from './read-head.ts';
import { dialectOf } from './rewrite/dialect.ts';
import { lineOfDialect, recordsWithin } from './rewrite/lines-as-records.ts';
import { Rewriting } from './rewrite/rewriting.ts';

/** Delimited text as record text: its records stay as they are, unless the feed says how they differ. */
export async function openCsv({ format: delivered, ...file }: DeliveredFile<CsvFormat>): Promise<ConvertedFile> {
  const format = asLanded(delivered);
  const trails = file.isPlaced ? { rewritten: new Trail(), filled: new Trail() } : undefined;
  const { comment } = delivered;
  const comments = comment === undefined ? undefined : new CommentRows(comment, delivered.delimiter);
  const rewriting = format === delivered ? undefined : rewritingOf(delivered, file.proof, comments, trails?.rewritten);
  const prepared = new Prepared(delivered, { ...shapeOf(delivered, rewriting), comments }, file.proof, file.isPlaced);
  const { preamble } = prepared;
  const bytes = prepared.bytes(file.bytes);
  const chunks = (rewriting ? through(rewriting, bytes) : bytes)[Symbol.asyncIterator]();
  const look = (start: Buffer, ended: boolean) => headIn(start, ended, { ...file, format });
  const { found: head, start } = await readStart(chunks, look).catch((thrown: unknown) => {
    throw prepared.explained(thrown);
  });
  const headBytes = Buffer.from(start.subarray(0, head.length));
  const filled = fillingOf(format, head, trails?.filled);
  const lineOf = rewriting ? lineOfDialect(dialectOf(delivered)) : lineOfText(recordSyntaxOf(format));
  const shape = { header: head.header, format, reading: file.reading, fewest: format.min_fields };
  comments?.begin(shape, rewriting ? lineOfDialect({ ...dialectOf(delivered), comment: undefined }) : lineOf);
  const text = restFrom(start.subarray(head.length), chunks);
  return {
    head,
    headBytes: rewriting ? Buffer.alloc(0) : Buffer.concat([preamble.bytes, headBytes]),
    text: filled ? through(filled, text) : text,
    isAsWritten: delivered.escape === undefined,
    recordsWithin: rewriting && recordsWithin(dialectOf(delivered)),
    guard: headerAgain(sentNames(headBytes, head, format), head.header, format, file.reading),
    faultOf: rewriting?.faultOf(head.header.length),
    places: trails && new CsvPlaces(prepared, head.length, trails),
    end(found) {
      prepared.check(found);
      if (rewriting?.lacksEnd && found.endsBroken) throw brokenEnd();
      refuseLeftOutData(prepared.leftOut, { ...shape, headed: format.header, lineOf });
      return {
        notes: [...prepared.notes, ...(comments?.notes ?? []), ...(rewriting?.notes ?? []), ...(filled?.notes ?? [])],
        lacksEnd: prepared.lacksEnd || rewriting?.lacksEnd === true,
        movesBytes: prepared.movesBytes || filled?.areThere === true,
        encoded: rewriting || filled?.areThere ? undefined : prepared.encoded,
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

/** The format of the records as they land. */
function asLanded(format: CsvFormat): CsvFormat {
  const { delimiter, quote, null_values, quoted_nulls } = convertedText;
  const isAsWritten: boolean = isRecordText(format);
  return isAsWritten ? format : { ...format, delimiter, quote, null_values: [...null_values], quoted_nulls };
}

function rewritingOf(
  format: CsvFormat,
  proof: Proof | undefined,
  comments: CommentRows | undefined,
  trail: Trail | undefined,
): Rewriting {
  const mayLackEnd = format.allow_missing_final_newline === true && format.trailer === undefined;
  const dialect = dialectOf(format);
  return new Rewriting({ dialect, headed: format.header, proof: mayLackEnd ? proof : undefined, comments, trail });
}

function shapeOf(format: CsvFormat, rewriting: Rewriting | undefined): LineShape {
  const { header, delimiter } = format;
  const dialect = rewriting ? undefined : recordSyntaxOf(format);
  return { dialect, headed: header, separator: delimiter };
}

function fillingOf(
  format: CsvFormat,
  { header, recordEnd }: CsvHead,
  trail: Trail | undefined,
): FilledRecords | undefined {
  const { min_fields: fewest } = format;
  if (fewest === undefined) return undefined;
  return new FilledRecords({ dialect: recordSyntaxOf(format), recordEnd, fields: header.length, fewest }, trail);
}

/** Throws RECORD_TOO_LONG, and what `readHead` throws. */
function headIn(start: Buffer, ended: boolean, { format, ...file }: DeliveredFile<CsvFormat>): CsvHead | 'more' {
  const head = readHead(start, ended, format, file);
  if (head === 'more' && start.length > MAX_RECORD_BYTES)
    throw new NightfeedError('RECORD_TOO_LONG', `no end of the header within ${MAX_RECORD_BYTES} bytes`);
  return head;
}
