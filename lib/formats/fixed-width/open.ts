import { bindHeader } from '../../core/records/bind-header.ts';
import type { Head } from '../../core/records/head.ts';
import { convertedText } from '../../core/records/record-text.ts';
import type { RecordEnd } from '../../core/run/file-parts.ts';
import type { ConvertedFile, DeliveredFile } from '../../ports/file-format.ts';
import { CommentRows } from '../text/beside/comment-rows.ts';
import { refuseLeftOutData } from '../text/beside/refuse-left-out-data.ts';
import { ByRecord } from '../text/by-record.ts';
import { headerAgain } from '../text/header-again.ts';
import { Prepared } from '../text/prepared.ts';
import { readStart, restFrom } from '../text/read-start.ts';
import { RecordFaults } from '../text/record-faults.ts';
import { through } from '../text/transform.ts';
import { DecodedLater, isCutBeforeDecoding } from './field-decoder.ts';
import { firstLook } from './first-look.ts';
import { FixedRecords } from './fixed-records.ts';
import { cutNames } from './header.ts';
import { type Layout, layoutOf } from './layout.ts';
import { lineOfPlaces } from './line-as-record.ts';
import type { FixedWidthFormat } from './options.ts';
import { BytePlaces, CharacterPlaces, LinePlaces, type RecordPlaces } from './record-places.ts';

/** Text of fixed width as record text: its records are cut at their fields, and written anew. */
export async function openFixedWidth(file: DeliveredFile<FixedWidthFormat>): Promise<ConvertedFile> {
  const { reading } = file;
  const format = countedIn(file.format);
  const isCutFirst = isCutBeforeDecoding(format);
  const layout = layoutOf(format);
  const { names: header, notes, ...change } = bindHeader(layout.names, file, layout.names.join(', '));
  const head: Head = { header, spare: false, recordEnd: '\n', change, notes: [...notes] };
  const textual = isCutFirst ? { ...format, encoding: 'utf-8' as const } : format;
  const comments = format.comment === undefined ? undefined : new CommentRows(format.comment);
  const prepared = new Prepared(
    textual,
    { dialect: plainLines, headed: format.header, comments },
    file.proof,
    file.isPlaced,
  );
  const decodedLater = isCutFirst ? new DecodedLater(format) : undefined;
  const sent = decodedLater ? through(decodedLater, file.bytes) : file.bytes;
  const chunks = prepared.bytes(sent)[Symbol.asyncIterator]();
  const { found: look, start } = await readStart(chunks, (start, ended) => firstLook(start, ended, format, layout));
  const faults = new RecordFaults();
  const starts = file.isPlaced ? new ByRecord<number>() : undefined;
  const converter = (placed?: typeof starts) =>
    new FixedRecords(format, layout, placesOf(format, layout, look.recordEnd), faults, placed);
  const records = converter(starts);
  const lineOf = lineOfPlaces(format, layout, (line) => converter().textOf(line));
  const shape = { header, format: convertedText, reading };
  comments?.begin(shape, lineOf);
  return {
    head,
    headBytes: Buffer.alloc(0),
    text: through(records, restFrom(start.subarray(look.length), chunks)),
    isAsWritten: false,
    guard: headerAgain({ names: cutNames(layout), isDeclared: format.header }, header, convertedText, reading),
    faultOf: faults.of,
    places: starts && {
      to: (record) => prepared.to(look.length + starts.of(record)),
      get place() {
        return prepared.place;
      },
    },
    end(found) {
      const { rows } = found;
      prepared.check({ rows, endsBroken: found.endsBroken || faults.last === rows - 1 });
      refuseLeftOutData(prepared.leftOut, { ...shape, headed: format.header, lineOf });
      return {
        notes: [...(decodedLater?.notes ?? []), ...prepared.notes, ...(comments?.notes ?? []), ...records.notes],
        lacksEnd: prepared.lacksEnd,
      };
    },
    explained: (thrown) => prepared.explained(thrown),
  };
}

/** Where each character has one byte, decoding has made one character of each byte. */
function countedIn(format: FixedWidthFormat): FixedWidthFormat {
  const isInBytes = format.encoding === 'utf-8' || isCutBeforeDecoding(format);
  return isInBytes ? format : { ...format, unit: 'characters' };
}

/** A delimiter that no line beside the data can be mistaken by, and no quotes. */
const plainLines = { delimiter: 0, quote: -1 };

function placesOf({ unit, record_end }: FixedWidthFormat, { length }: Layout, end: RecordEnd): RecordPlaces {
  if (record_end === 'line') return new LinePlaces(end);
  return unit === 'bytes' ? new BytePlaces(length) : new CharacterPlaces(length);
}
