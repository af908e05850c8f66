import { recordTextOf } from '../../core/feed/descriptors/format-descriptor.ts';
import type { Table } from '../../core/feed/spec.ts';
import type { RecordPlace, RecordPlaces } from '../../core/records/record-place.ts';
import { recordSyntaxOf } from '../../core/records/record-syntax.ts';
import { RecordWalk } from '../../core/records/record-walk.ts';
import type { LandedFile } from '../../core/run/pull-receipt.ts';
import { SentText } from '../../formats/text/sent-text.ts';
import type { ConvertedFile } from '../../ports/file-format.ts';
import { fileBytes } from './file-bytes.ts';
import { openedAgain, type ReadingPorts } from './open-again.ts';

/** Where a record lies in landing. */
export interface LandedRecord {
  readonly object: string;
  readonly offset: number;
  readonly length: number;
}

/** Finds records of a file that landed in the file as the vendor sent it, which is read once and as far as it is asked. */
export class DeliveredPlaces {
  readonly #file: LandedFile;
  readonly #reader: Reader;
  /** Where the record that was asked for last begins. */
  #last = 0;

  constructor(file: LandedFile, table: Table, ports: ReadingPorts) {
    this.#file = file;
    // Before `movesBytes` was written, a copy was kept of what is converted.
    this.#reader =
      file.movesBytes || file.raw !== undefined ? new ConvertedAgain(file, table, ports) : new AsSent(file, ports);
  }

  holds({ object }: Pick<LandedRecord, 'object'>): boolean {
    return this.#file.parts.some(({ key }) => key === object);
  }

  /** Whether the record is one of this file, and not before one that was asked for already. */
  reaches(record: LandedRecord): boolean {
    return this.#startOf(record) >= this.#last;
  }

  /** undefined: today's format finds no such record there. Throws what `fileBytes` and the format throw. */
  find(record: LandedRecord): Promise<RecordPlace | undefined> {
    this.#last = this.#startOf(record);
    return this.#reader.find(this.#last, record.length);
  }

  close(): Promise<void> {
    return this.#reader.close();
  }

  /** In the record text of the whole file; -1 in another file. */
  #startOf({ object, offset }: LandedRecord): number {
    let before = 0;
    for (const { key, bytes } of this.#file.parts) {
      if (key === object) return before + offset;
      before += bytes;
    }
    return -1;
  }
}

interface Reader {
  /** The record that begins at this byte of the file's record text; asked in ascending order. */
  find(start: number, length: number): Promise<RecordPlace | undefined>;
  close(): Promise<void>;
}

/** Reads a file whose records stand in landing as they do in the file: only lines have to be counted. */
class AsSent implements Reader {
  readonly #bytes: AsyncGenerator<Buffer>;
  readonly #text = new SentText({ encoding: 'utf-8' });
  readonly #head: number;
  #came = 0;

  constructor(file: LandedFile, { store }: Pick<ReadingPorts, 'store'>) {
    this.#bytes = fileBytes(file, store);
    this.#head = Buffer.from(file.head, 'base64').length;
  }

  async find(start: number): Promise<RecordPlace | undefined> {
    const at = this.#head + start;
    while (this.#came <= at) {
      const { value, done } = await this.#bytes.next();
      if (done) return undefined;
      this.#text.push(value);
      this.#came += value.length;
    }
    return this.#text.placeOf(at);
  }

  async close(): Promise<void> {
    await this.#bytes.return(undefined);
  }
}

/** Converts a file once more: equal bytes become equal text, in which the record has the same place and length. */
class ConvertedAgain implements Reader {
  readonly #records: AsyncGenerator<Converted>;
  #at: IteratorResult<Converted> | undefined;
  #wanted = 0;

  constructor(file: LandedFile, table: Table, ports: ReadingPorts) {
    const read = (converted: ConvertedFile) => recordsOf(converted, table, () => this.#wanted);
    this.#records = openedAgain(file, table, ports, read, { isPlaced: true });
  }

  async find(start: number, length: number): Promise<RecordPlace | undefined> {
    this.#wanted = start;
    this.#at ??= await this.#records.next();
    while (!this.#at.done && this.#at.value.offset < start) this.#at = await this.#records.next();
    if (this.#at.done) return undefined;
    const { index, places, ...found } = this.#at.value;
    if (found.offset !== start || found.length !== length) return undefined;
    return places?.place ?? { record: index + 1 };
  }

  async close(): Promise<void> {
    await this.#records.return(undefined);
  }
}

interface Converted {
  readonly index: number;
  readonly offset: number;
  readonly length: number;
  /** They have gone on to this record. */
  readonly places: RecordPlaces | undefined;
}

/** Records from the wanted one on; the others are passed at the speed of the scan. */
async function* recordsOf(
  { text, head, places }: ConvertedFile,
  { format }: Table,
  wanted: () => number,
): AsyncGenerator<Converted> {
  const dialect = recordSyntaxOf(recordTextOf(format));
  const walk = new RecordWalk({ dialect, recordEnd: head.recordEnd, fields: head.header.length });
  for await (const chunk of text) {
    walk.feed(chunk);
    while (walk.next()) {
      const { start: offset, end, count } = walk;
      const index = count - 1;
      places?.to(index, offset);
      if (offset >= wanted()) yield { index, offset, length: end - offset, places };
    }
  }
}
