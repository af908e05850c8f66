import { RecordReader } from '../../core/diff/read-record.ts';
import type { DeliveredRecord, Row } from '../../core/diff/row.ts';
import { scalarOf } from '../../core/expression/scalar.ts';
import { formatKindOf } from '../../core/feed/descriptors/format-descriptor.ts';
import { deliveredColumnsOf, type ReadingSpec, readingSpecOf } from '../../core/feed/reading-spec.ts';
import { columnsOf, type Table } from '../../core/feed/spec.ts';
import { shortestReal } from '../../core/feed/values/real.ts';
import { traitsOf } from '../../core/feed/values/type-traits.ts';
import { FileStart } from '../../core/infer/other-kind.ts';
import { contentEnd, isNull, splitRecord } from '../../core/records/fields.ts';
import type { RecordPlace } from '../../core/records/record-place.ts';
import { records } from '../../core/records/record-stream.ts';
import { recordSyntaxOf } from '../../core/records/record-syntax.ts';
import type { RejectCode } from '../../core/records/reject.ts';
import { StructuralScan, scanOptions } from '../../core/records/scan/scan.ts';
import type { ConvertedFile, FileFormat } from '../../ports/file-format.ts';
import type { Ports, Using } from '../../ports/ports.ts';
import { keptOnce } from '../../steps/landing/kept-once.ts';
import type { SampledContent } from './content.ts';

/** What a format needs beside the bytes. */
export type ReadingPorts = Pick<Ports, 'formats'> & Using<'engine', 'keepLocally'>;

/** A record as a row, or why it is none. */
export interface SampledRecord {
  /** By column; null for a record that is rejected or left out. */
  readonly row: Readonly<Record<string, string | null>> | null;
  readonly code: RejectCode | null;
  /** A filter of the table leaves it out. */
  readonly isFiltered: boolean;
  /** Its text in landing. */
  readonly raw: string;
  /** Where it begins in the file. */
  readonly place: RecordPlace;
}

interface FirstRecords {
  /** Stored columns. */
  readonly columns: readonly string[];
  readonly records: readonly SampledRecord[];
}

/** Reads so many records of a file from its beginning, in the format and with the meaning of the night. */
export async function firstRecords(
  { bytes, size }: SampledContent,
  table: Table,
  most: number,
  { formats, engine }: ReadingPorts,
): Promise<FirstRecords> {
  const { format, contract, ignore } = table;
  const reading = readingSpecOf(table);
  const kept = keptOnce({ engine }, size);
  const start = new FileStart();
  const watched = start.watching(bytes);
  try {
    const file = await formatKindOf<FileFormat>(format, formats).open({
      format,
      bytes: watched,
      localFile: () => kept.localFile(watched),
      columns: deliveredColumnsOf(table),
      contract,
      ignore,
      reading,
      proof: () => 'nothing: only its beginning is read',
      isPlaced: true,
    });
    const columns = columnsOf({ columns: table.columns }).map(({ name }) => name);
    return { columns, records: await readFirst(file, reading, columns, most) };
  } catch (thrown) {
    throw start.explained(thrown, format.type);
  } finally {
    await kept.remove();
  }
}

async function readFirst(
  file: ConvertedFile,
  reading: ReadingSpec,
  stored: readonly string[],
  most: number,
): Promise<SampledRecord[]> {
  const { head, text, guard, faultOf, places } = file;
  const scan = new StructuralScan({ ...scanOptions(head, reading.format), guard, faultOf });
  const reader = new RecordReader(reading);
  const syntax = recordSyntaxOf(reading.format);
  const found: SampledRecord[] = [];
  for await (const { index, offset, bytes } of records(text, syntax, head.recordEnd, head.header.length)) {
    const record = Buffer.from(bytes);
    scan.push(record);
    places?.to(index, offset);
    const fields = splitRecord(record, syntax);
    const values = reading.columns.map(({ name }) => {
      const field = fields[head.header.indexOf(name)];
      return field === undefined || isNull(field, reading.format) ? null : field.text;
    });
    const malformed = scan.takeRejects()[0]?.code;
    const delivered: DeliveredRecord = malformed === undefined ? { fields: values } : { malformed, fields: null };
    const { code = null, row, isFiltered = false } = reader.read(delivered);
    found.push({
      row: code === null && row && !isFiltered ? shown(row, reading, stored) : null,
      code,
      isFiltered,
      raw: record.toString('utf8', 0, contentEnd(record)),
      place: places?.place ?? { record: index + 1 },
    });
    if (found.length === most) break;
  }
  return found;
}

function shown(row: Row, { columns }: ReadingSpec, stored: readonly string[]): SampledRecord['row'] {
  // The canonical text of a double or a real is its bits.
  const textOf = (type: (typeof columns)[number]['type'], text: string | null) => {
    if (text === null || traitsOf(type).number !== 'float') return text;
    const number = scalarOf(type, text) as number;
    return type === 'real' ? shortestReal(number) : String(number);
  };
  const values = columns.map(({ name, type }, index) => [name, textOf(type, row[index] ?? null)] as const);
  return Object.fromEntries(values.filter(([name]) => stored.includes(name)));
}
