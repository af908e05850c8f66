import { NightfeedError } from '../../core/errors.ts';
import { traitsOf } from '../../core/feed/values/type-traits.ts';
import { bindHeader } from '../../core/records/bind-header.ts';
import type { Head } from '../../core/records/head.ts';
import { byteOrderMark } from '../../core/records/scan/text-check.ts';
import type { ConvertedFile, DeliveredFile } from '../../ports/file-format.ts';
import { refuseOtherFormats } from '../text/other-formats.ts';
import { restFrom } from '../text/read-start.ts';
import { RecordFaults } from '../text/record-faults.ts';
import { transcoding } from '../text/transcode.ts';
import { through } from '../text/transform.ts';
import { dialectOf } from './dialects.ts';
import { Dump } from './dump.ts';
import type { SqlFormat } from './options.ts';
import { RowPlaces } from './row-places.ts';
import { Tables } from './tables.ts';

/** The rows of one table of a dump as record text. */
export async function openSql(file: DeliveredFile<SqlFormat>): Promise<ConvertedFile> {
  const { format } = file;
  const places = file.isPlaced && new RowPlaces(format);
  const decoding = transcoding(format, places?.sent);
  const decoded = decoding ? through(decoding, file.bytes) : file.bytes;
  const chunks = decoded[Symbol.asyncIterator]();
  const first = await readStart(chunks);
  const isMarked = first.subarray(0, byteOrderMark.length).equals(byteOrderMark);
  const start = first.subarray(isMarked ? byteOrderMark.length : 0);
  places?.skip(first.length - start.length);
  if (start.length === 0) throw new NightfeedError('EMPTY_FILE', 'the file is empty');
  if (start.subarray(0, 5).toString('latin1') === 'PGDMP')
    throw new NightfeedError(
      'BAD_MAGIC',
      'the file is a dump for pg_restore; expected SQL text, as pg_dump writes it without -F',
    );
  refuseOtherFormats(start, format);

  let head: Head | undefined;
  const tables = new Tables(format, (columns) => {
    if (columns.length > MAX_FIELDS)
      throw new NightfeedError('TOO_WIDE', `the table has ${columns.length} columns; allowed are ${MAX_FIELDS}`);
    const { names: header, notes, ...change } = bindHeader(columns, file, columns.join(', '));
    head = { header, spare: false, recordEnd: '\n', change, notes: [...notes] };
    const read = new Map(file.columns.map(({ name, type }) => [name, type]));
    return {
      isRead: (index) => read.has(header[index]!),
      isNumber: (index) => {
        const type = read.get(header[index]!);
        return type !== undefined && traitsOf(type).number !== undefined;
      },
    };
  });
  const faults = new RecordFaults();
  const dump = new Dump(format, dialectOf(start, format.dialect), tables, faults, places);
  const text = through(dump, restFrom(start, chunks))[Symbol.asyncIterator]();
  // The dump names its columns before the first row; one without rows names them by its end.
  const begun = await text.next();
  if (head === undefined) throw new Error('rows came before their columns');
  return {
    head,
    headBytes: Buffer.alloc(0),
    text: rows(begun, text),
    isAsWritten: false,
    faultOf: faults.of,
    places,
    end: () => ({ notes: [...(decoding?.notes ?? []), ...dump.notes] }),
  };
}

/** PostgreSQL allows this many columns. */
const MAX_FIELDS = 1600;

/** Bytes in which a dump says who wrote it. */
const START_BYTES = 4096;

async function readStart(chunks: AsyncIterator<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (let length = 0; length < START_BYTES; ) {
    const { value, done } = await chunks.next();
    if (done) break;
    pieces.push(value);
    length += value.length;
  }
  return Buffer.concat(pieces);
}

async function* rows(first: IteratorResult<Buffer>, others: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  for (let next = first; !next.done; next = await others.next()) yield next.value;
}
