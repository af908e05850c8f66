import { isAscii, isUtf8 } from 'node:buffer';
import { NightfeedError } from '../../core/errors.ts';
import { noSchemaChange } from '../../core/feed/schema-change.ts';
import type { RejectCode } from '../../core/records/reject.ts';
import type { ConvertedFile, DeliveredFile } from '../../ports/file-format.ts';
import { type TextFormat, withEncoding } from '../text/encoding-options.ts';
import { RecordFaults } from '../text/record-faults.ts';
import { transcoding } from '../text/transcode.ts';
import { through } from '../text/transform.ts';
import { DocumentRecords } from './document-records.ts';
import { FieldText } from './field-text.ts';
import { FileColumns } from './file-columns.ts';
import { stringUseOf } from './json-strings.ts';
import { LineRecords } from './line-records.ts';
import { ObjectReader } from './object-reader.ts';
import type { JsonFormat, NdjsonFormat } from './options.ts';
import { refuseDocument, refuseLines, refuseOtherKinds } from './other-kinds.ts';
import { ObjectPlaces } from './record-places.ts';
import type { RecordSource } from './record-source.ts';
import { Window } from './window.ts';

export function openNdjson(file: DeliveredFile<NdjsonFormat>): Promise<ConvertedFile> {
  return openObjects(
    file,
    refuseDocument,
    () => new LineRecords(),
    file.isPlaced && new ObjectPlaces(withEncoding(file.format)),
  );
}

export function openJson(file: DeliveredFile<JsonFormat>): Promise<ConvertedFile> {
  const { format, isPlaced } = file;
  const places = isPlaced && new ObjectPlaces(withEncoding(format), format.records ?? []);
  return openObjects(file, refuseLines, () => new DocumentRecords(format.records), places);
}

async function openObjects(
  file: DeliveredFile<NdjsonFormat>,
  refuseOther: (start: Buffer) => void,
  sourceOf: () => RecordSource,
  places: ObjectPlaces | undefined,
): Promise<ConvertedFile> {
  const format = withEncoding(file.format);
  const decoding = transcoding(format, places?.sent);
  const window = new Window(decoding ? through(decoding, file.bytes) : file.bytes, wholeOf(format));
  await window.fill(LOOKED_AT);
  refuseOtherKinds(window.bytes, format);
  refuseOther(window.bytes);
  const columns = new FileColumns(file, file.format);
  const sawAll = look(window, sourceOf(), columns);
  columns.settle();
  const found = sawAll ? columns.found() : undefined;
  const uses = file.columns.map((column) => stringUseOf(column, file.format));
  const conversion = new Conversion(window, sourceOf(), columns, new FieldText(uses), places);
  return {
    head: {
      header: found?.header ?? columns.header,
      spare: false,
      recordEnd: '\n',
      change: found?.change ?? noSchemaChange,
      notes: [],
    },
    headBytes: Buffer.alloc(0),
    text: conversion.text(),
    isAsWritten: false,
    faultOf: conversion.faults.of,
    places,
    end() {
      const { notes, ...told } = found ?? columns.found();
      return {
        notes: [...(decoding?.notes ?? []), ...conversion.notes, ...notes],
        lacksEnd: conversion.lacksEnd,
        columns: told,
      };
    },
  };
}

/** What offsets are in. */
function wholeOf({ encoding }: TextFormat): string {
  return encoding === 'utf-8' ? 'the file' : 'its text as UTF-8';
}

/** The first records of a file say which names to expect. It is the part that is read twice. */
const LOOKED_AT = 4 << 20;

/** Reads the records that came already, for their names. true: they are all records of the file. */
function look({ bytes, isLast, whole }: Window, source: RecordSource, columns: FileColumns): boolean {
  const span = { bytes, at: 0, base: 0, isLast, whole };
  const reader = new ObjectReader(columns.places(), columns.count);
  let first: string | undefined;
  let readable = 0;
  let step = source.next(span, reader);
  for (; step === 'record'; step = source.next(span, reader)) {
    if (source.fault === undefined) {
      columns.see(reader, source);
      readable += 1;
    } else first ??= `${source.place}: ${source.fault}`;
  }
  if (first !== undefined && readable === 0)
    throw new NightfeedError('JSON_SYNTAX', `none of the first records is a JSON object; ${first}`);
  return step === 'end';
}

/** A file's records on their way to record text. */
class Conversion {
  readonly #window: Window;
  readonly #source: RecordSource;
  readonly #columns: FileColumns;
  readonly #reader: ObjectReader;
  readonly #text: FieldText;
  readonly faults = new RecordFaults();
  readonly #told: string[] = [];
  #count = 0;
  #malformed = 0;
  /** The bytes of the window that are known to be ASCII. */
  #plain: Buffer | undefined;
  readonly #places: ObjectPlaces | undefined;
  #isPlain = false;

  constructor(
    window: Window,
    source: RecordSource,
    columns: FileColumns,
    text: FieldText,
    places: ObjectPlaces | undefined,
  ) {
    this.#text = text;
    this.#places = places;
    this.#window = window;
    this.#source = source;
    this.#columns = columns;
    this.#reader = new ObjectReader(columns.places(), columns.count);
  }

  async *text(): AsyncGenerator<Buffer> {
    for (;;) {
      const step = this.#source.next(this.#window, this.#reader);
      if (step === 'record') {
        this.#convert();
        if (this.#text.isFull) yield this.#text.take();
      } else {
        const text = this.#text.take();
        if (text.length > 0) yield text;
        if (step === 'end') return;
        await this.#window.more();
      }
    }
  }

  get lacksEnd(): boolean {
    return this.#source.lacksEnd;
  }

  get notes(): string[] {
    const more = this.#malformed - this.#told.length;
    return [...this.#source.notes, ...this.#told, ...(more > 0 ? [`${more} more such record(s)`] : [])];
  }

  #convert(): void {
    const { start, end, fault } = this.#source;
    const { bytes, base } = this.#window;
    this.#places?.add(base + start);
    if (fault === undefined) {
      this.#columns.see(this.#reader, this.#source);
      this.#text.record(bytes, this.#reader, end - start);
      const code = this.#textFault(start, end);
      if (code !== undefined) this.faults.add(this.#count, code);
    } else {
      this.#text.malformed(bytes, start, end);
      this.faults.add(this.#count, 'SYNTAX');
      if (this.#malformed < TOLD) this.#told.push(`${this.#source.place} is no object that can be read: ${fault}`);
      this.#malformed += 1;
    }
    this.#count += 1;
  }

  /** What is wrong with the texts of a record whose fields are known, so that its key is, too. */
  #textFault(start: number, end: number): RejectCode | undefined {
    if (this.#source.isMarked) return 'BOM_INSIDE';
    if (this.#text.hasLoneSurrogate) return 'INVALID_UTF8';
    const { bytes } = this.#window;
    if (this.#plain !== bytes) {
      this.#plain = bytes;
      this.#isPlain = isAscii(bytes);
    }
    if (!this.#isPlain && !isUtf8(bytes.subarray(start, end))) return 'INVALID_UTF8';
    return this.#text.hasUnclearString ? 'JSON_STRING' : undefined;
  }
}

/** So many malformed records are described in notes. */
const TOLD = 10;
