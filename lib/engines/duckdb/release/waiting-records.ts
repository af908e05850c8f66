import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { NightfeedError } from '../../../core/errors.ts';
import { contentEnd } from '../../../core/records/fields.ts';
import { recordSyntaxOf } from '../../../core/records/record-syntax.ts';
import type { RejectCode } from '../../../core/records/reject.ts';
import { StructuralScan } from '../../../core/records/scan/scan.ts';
import type { ReleaseInput } from '../../../ports/quarantine.ts';
import type { Store } from '../../../ports/store.ts';
import { linesOf } from '../../common/lines.ts';
import { malformedLine } from '../inputs.ts';
import { type PartFile, partBytes, type TablePart, tableParts } from '../part-files.ts';

/** A waiting record's place in landing. */
interface Place {
  readonly ord: number;
  readonly object: string;
  readonly offset: number;
  readonly length: number;
  readonly code: RejectCode;
}

/** Waiting records that are well-formed now, as files of record text, and which record went into which file. */
export interface WaitingRecords {
  readonly files: readonly PartFile[];
  /** NDJSON of part, ord, waiting: where each well-formed record is in `files`. */
  readonly places: string;
  /** NDJSON of waiting, code: records that are malformed still. */
  readonly malformed: string;
  /** The same records as `malformedSql` reads them. */
  readonly malformedKeys: string;
}

/** A waiting record as it is read now. */
interface Fetched {
  readonly bytes: Buffer;
  readonly part: Pick<TablePart, 'header' | 'recordEnd'>;
  readonly fault: RejectCode | null;
}

/** Fetches records by their places, which ascend within each object, and scans each record under today's format. */
export async function fetchWaiting(
  store: Store,
  input: ReleaseInput,
  placesPath: string,
  folder: string,
): Promise<WaitingRecords> {
  const sorter = new Sorter(input, folder);
  const records = input.again ? await readAgain(input.again, placesPath) : fromLanding(store, input);
  for await (const place of placesIn(placesPath)) await sorter.take(await records.at(place), place);
  await records.end();
  return sorter.end();
}

async function* placesIn(path: string): AsyncGenerator<Place> {
  for await (const line of linesOf(createReadStream(path))) yield JSON.parse(line) as Place;
}

interface Records {
  at(place: Place): Promise<Fetched>;
  /** Throws where the records that were fetched are not those that waited. */
  end(): Promise<void>;
}

/** The records as they landed. */
function fromLanding(store: Store, { files }: ReleaseInput): Records {
  const parts = new Map(tableParts(files).map((part) => [part.part.key, part]));
  let reader: RangeReader | undefined;
  let object = '';
  return {
    async at(place) {
      const part = parts.get(place.object);
      if (!part) throw notNamed(place);
      if (place.object !== object) {
        reader = new RangeReader(partBytes(store, part.part));
        object = place.object;
      }
      return { bytes: await reader!.read(place.offset, place.length), part, fault: null };
    },
    end: async () => {},
  };
}

/** The same records of the vendor's files, converted again. The files are in the order of their objects, as the places are. */
async function readAgain(again: NonNullable<ReleaseInput['again']>, placesPath: string): Promise<Records> {
  const objects = new Set<string>();
  for await (const { object } of placesIn(placesPath)) objects.add(object);
  const records = again(objects)[Symbol.asyncIterator]();
  return {
    async at(place) {
      for (let next = await records.next(); !next.done; next = await records.next()) {
        const { object, offset, bytes, header, recordEnd, fault } = next.value;
        // A stream keeps them for longer than until the next record is asked for.
        if (object === place.object && offset === place.offset)
          return { bytes: Buffer.from(bytes), part: { header, recordEnd }, fault };
      }
      throw notNamed(place);
    },
    // At the end of a file it is known whether it has as many records as in its night.
    async end() {
      while (!(await records.next()).done);
    },
  };
}

function notNamed({ object, offset }: Place): NightfeedError {
  return new NightfeedError('OBJECT_MISSING', `the run's snapshot names no record at byte ${offset} of ${object}`);
}

/** Reads ranges of a stream in ascending order. */
class RangeReader {
  readonly #chunks: AsyncIterator<Buffer>;
  #chunk: Buffer = Buffer.alloc(0);
  #start = 0;

  constructor(chunks: AsyncIterable<Buffer>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  async read(offset: number, length: number): Promise<Buffer> {
    const found: Buffer[] = [];
    for (let at = offset; at < offset + length; ) {
      while (at >= this.#start + this.#chunk.length) {
        const { value, done } = await this.#chunks.next();
        if (done) throw new NightfeedError('OBJECT_MISSING', `a landing part ends before byte ${offset + length}`);
        this.#start += this.#chunk.length;
        this.#chunk = value;
      }
      const bytes = this.#chunk.subarray(at - this.#start, offset + length - this.#start);
      found.push(bytes);
      at += bytes.length;
    }
    return Buffer.concat(found);
  }
}

/** Separates well-formed records, in a file for each header and record end, from malformed ones. */
class Sorter {
  readonly #input: ReleaseInput;
  readonly #folder: string;
  readonly #files = new Map<string, { file: PartFile & { rows: number }; out: ReturnType<typeof createWriteStream> }>();
  readonly #places: ReturnType<typeof createWriteStream>;
  readonly #malformed: ReturnType<typeof createWriteStream>;
  readonly #malformedKeys: ReturnType<typeof createWriteStream>;

  constructor(input: ReleaseInput, folder: string) {
    this.#input = input;
    this.#folder = folder;
    this.#places = createWriteStream(join(folder, 'places.ndjson'));
    this.#malformed = createWriteStream(join(folder, 'still-malformed.ndjson'));
    this.#malformedKeys = createWriteStream(join(folder, 'still-malformed-keys.ndjson'));
  }

  async take({ bytes, part, ...found }: Fetched, { ord, code }: Place): Promise<void> {
    const fault = found.fault ?? this.#faultOf(bytes, part, code);
    if (fault !== null) {
      const line = malformedLine({ part: 0, code: fault, bytes }, this.#input.reading, part.header);
      await write(this.#malformedKeys, line);
      return write(this.#malformed, `${JSON.stringify({ waiting: ord, code: fault })}\n`);
    }
    const { file, out } = this.#fileFor(part);
    const isWidened = part.header.length === 1;
    const second = `${this.#input.reading.format.delimiter}1\n`;
    await write(out, isWidened ? Buffer.concat([bytes.subarray(0, contentEnd(bytes)), Buffer.from(second)]) : bytes);
    await write(this.#places, `${JSON.stringify({ part: file.index, ord: file.rows, waiting: ord })}\n`);
    file.rows += 1;
  }

  async end(): Promise<WaitingRecords> {
    const files = [...this.#files.values()];
    for (const stream of [this.#places, this.#malformed, this.#malformedKeys, ...files.map(({ out }) => out)]) {
      stream.end();
      await finished(stream);
    }
    return {
      files: files.map(({ file }) => file),
      places: String(this.#places.path),
      malformed: String(this.#malformed.path),
      malformedKeys: String(this.#malformedKeys.path),
    };
  }

  /** Why these bytes are not exactly one well-formed record; null when they are. */
  #faultOf(bytes: Buffer, { header, recordEnd }: Fetched['part'], code: RejectCode): RejectCode | null {
    const scan = new StructuralScan({
      dialect: recordSyntaxOf(this.#input.reading.format),
      fields: header.length,
      spare: header.length > 1 && header.at(-1) === '',
      recordEnd,
      rejectControls: this.#input.reading.format.reject_control_characters,
    });
    try {
      scan.push(bytes);
      scan.finish();
    } catch {
      return code;
    }
    const [reject] = scan.takeRejects();
    if (reject) return reject.code;
    return scan.rows === 1 ? null : code;
  }

  #fileFor({ header, recordEnd }: Fetched['part']) {
    const shape = JSON.stringify([header, recordEnd]);
    const known = this.#files.get(shape);
    if (known) return known;
    const index = this.#files.size;
    const path = join(this.#folder, `waiting-${index}.csv`);
    // A file with one column gets a constant second one, because DuckDB misreads files with one column.
    const form = header.length === 1 ? { header: [...header, ''], recordEnd: '\n' as const } : { header, recordEnd };
    const made = { file: { index, path, ...form, rows: 0 }, out: createWriteStream(path) };
    this.#files.set(shape, made);
    return made;
  }
}

async function write(stream: ReturnType<typeof createWriteStream>, data: string | Buffer): Promise<void> {
  if (!stream.write(data)) await once(stream, 'drain');
}
