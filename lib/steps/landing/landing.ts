import type { ReadingColumn, ReadingSpec } from '../../core/feed/reading-spec.ts';
import type { HeaderChange } from '../../core/feed/schema-change.ts';
import { Carry } from '../../core/records/carry.ts';
import { epochNotes } from '../../core/records/epoch-notes.ts';
import { LOOKED_AT } from '../../core/records/first-records.ts';
import { recordSyntaxOf } from '../../core/records/record-syntax.ts';
import { retypedColumns } from '../../core/records/retyped.ts';
import { KeyOrder } from '../../core/records/scan/key-order.ts';
import { KeyRange } from '../../core/records/scan/key-range.ts';
import { RecordSigns } from '../../core/records/scan/record-signs.ts';
import { StructuralScan, scanOptions } from '../../core/records/scan/scan.ts';
import type { Part } from '../../core/run/file-parts.ts';
import type { LandedFile, Structural } from '../../core/run/pull-receipt.ts';
import type { StreamingDiff } from '../../ports/comparison.ts';
import type { ConvertedFile, DeliveredFile, Encoded } from '../../ports/file-format.ts';
import type { Store } from '../../ports/store.ts';
import { compressed } from './compressed.ts';
import { DeliveredBytes } from './delivered-bytes.ts';
import { RawCopy } from './raw-copy.ts';

/** The most decompressed bytes of a part, unless a single record is longer. Engines read parts in parallel, one thread for each. */
const PART_BYTES = 64_000_000;

export interface LandingOptions {
  readonly store: Store;
  /** Name of the file's format. */
  readonly format: string;
  /** Opens the file in its format. */
  convert(file: Pick<DeliveredFile<unknown>, 'bytes'>): Promise<ConvertedFile>;
  readonly reading: ReadingSpec;
  /** The columns that a file must have. */
  readonly columns: readonly ReadingColumn[];
  /** Key of a part by its number within the file. */
  keyOf(part: number): string;
  readonly partBytes?: number;
  /** Where a copy of the bytes is kept, when they cannot be made again of what lands; null when nobody wants it. */
  readonly rawKey?: string | null;
  /** Called with the records while they land. */
  readonly streaming?: StreamingDiff | null;
}

export interface Landed {
  readonly file: Omit<LandedFile, 'name' | 'size'>;
  readonly change: HeaderChange;
  /** Columns in which none of the first values can be read as the declared type. */
  readonly retyped: readonly string[];
  readonly rows: number;
  readonly bytes: number;
  /** With the numbers of parts within the file. */
  readonly rejects: readonly Structural[];
}

/** Scans, hashes, cuts and compresses one file's decompressed bytes while they arrive. */
export async function landFile(chunks: AsyncIterable<Buffer>, options: LandingOptions): Promise<Landed> {
  const copy = options.rawKey == null ? undefined : new RawCopy(options.rawKey, options.store);
  const delivered = new DeliveredBytes(chunks, copy);
  try {
    return await land(delivered, copy, options);
  } catch (thrown) {
    throw delivered.start.explained(thrown, options.format);
  } finally {
    copy?.abandon();
  }
}

async function land(delivered: DeliveredBytes, copy: RawCopy | undefined, options: LandingOptions): Promise<Landed> {
  const file = await options.convert({ bytes: delivered.bytes() });
  const { head, headBytes } = file;
  options.streaming?.begin(head);
  const cutter = new Cutter(file, options);
  const parts: Part[] = [];
  let ending: ReturnType<ConvertedFile['end']>;
  try {
    while (await cutter.more()) {
      const key = options.keyOf(parts.length);
      await options.store.write(key, compressed(cutter.part(parts.length)));
      parts.push({ key, rows: cutter.partRows, bytes: cutter.partBytes });
    }
    ending = file.end(cutter.scan);
  } catch (thrown) {
    throw file.explained?.(thrown) ?? thrown;
  }
  const { scan } = cutter;
  const movesBytes = ending.movesBytes === true || options.reading.delivered !== undefined;
  const encoded = options.reading.delivered === undefined ? ending.encoded : undefined;
  if (movesBytes && !encoded) await copy?.end();
  const { header, change } = ending.columns ?? head;
  const looked = [cutter.firstBytes.bytes(), head, options.reading.format, options.columns] as const;
  return {
    file: {
      sha256: delivered.sha256(),
      sent: delivered.length,
      head: headBytes.toString('base64'),
      header,
      recordEnd: head.recordEnd,
      parts,
      lines: !scan.flags.quotedNewline,
      keys: cutter.keys.keys,
      notes: [...ending.notes, ...head.notes, ...scan.notes, ...epochNotes(...looked)],
      signs: cutter.signs.found,
      ...(ending.lacksEnd ? { lacksEnd: true } : {}),
      ...(movesBytes ? { movesBytes } : {}),
      ...(encoded ? { encoding: encoded.encoding } : {}),
      ...(movesBytes && !encoded
        ? copy && { raw: copy.key }
        : tailOf(encoded ?? delivered, headBytes.length + scan.bytes)),
    },
    change,
    retyped: retypedColumns(...looked),
    rows: scan.rows,
    bytes: headBytes.length + scan.bytes,
    rejects: cutter.rejects,
  };
}

/** What stands behind the records; empty where a record end was put in, absent when it is too long to be kept. */
function tailOf(delivered: Pick<Encoded, 'length' | 'last'>, before: number): Pick<LandedFile, 'tail'> {
  const tail = delivered.last(Math.max(0, delivered.length - before));
  return tail ? { tail: tail.toString('base64') } : {};
}

/** Cuts the stream into parts that end at record ends. */
class Cutter {
  readonly rejects: Structural[] = [];
  /** The first bytes of the data, at most LOOKED_AT. */
  readonly firstBytes = new Carry();
  partRows = 0;
  partBytes = 0;
  readonly scan: StructuralScan;
  readonly keys: KeyRange;
  readonly signs: RecordSigns;
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #options: LandingOptions;
  /** Bytes that were read but not given out yet; the first `#scanned` of them are scanned. */
  #rest: Buffer | undefined;
  #scanned = false;
  #handedOut = 0;
  #rowsBefore = 0;

  constructor({ head, text, isAsWritten, recordsWithin, guard, faultOf }: ConvertedFile, options: LandingOptions) {
    const { reading, columns } = options;
    this.#chunks = text[Symbol.asyncIterator]();
    this.#options = options;
    this.keys = new KeyRange(KeyOrder.of(head.header, columns, recordSyntaxOf(reading.format)));
    this.signs = new RecordSigns(head.header, columns, reading.format, isAsWritten, recordsWithin);
    const { keys, signs } = this;
    this.scan = new StructuralScan({ ...scanOptions(head, reading.format), keys, signs, guard, faultOf });
  }

  /** Reads on until there are bytes; false at the end of the file, where it finishes the scan. */
  async more(): Promise<boolean> {
    while (this.#rest === undefined || this.#rest.length === 0) {
      const chunk = await this.#next();
      if (chunk === undefined) {
        this.scan.finish();
        return false;
      }
      this.#rest = chunk;
      this.#scanned = false;
    }
    return true;
  }

  async *part(index: number): AsyncGenerator<Buffer> {
    const start = this.#handedOut;
    const limit = start + (this.#options.partBytes ?? PART_BYTES);
    while (await this.more()) {
      const chunk = this.#rest!;
      if (!this.#scanned) this.scan.push(chunk);
      const cut = this.scan.lastRecordEnd - this.#handedOut;
      const isFull = this.#handedOut + chunk.length >= limit && cut > 0;
      const out = isFull ? chunk.subarray(0, cut) : chunk;
      this.#rest = isFull ? chunk.subarray(cut) : undefined;
      this.#scanned = isFull;
      this.#handedOut += out.length;
      this.#look(out);
      await this.#show(out);
      yield out;
      if (isFull) break;
    }
    this.partBytes = this.#handedOut - start;
    this.partRows = this.scan.rows - this.#rowsBefore;
    for (const reject of this.scan.takeRejects())
      this.rejects.push({
        ...reject,
        part: index,
        index: reject.index - this.#rowsBefore,
        offset: reject.offset - start,
      });
    this.#rowsBefore = this.scan.rows;
  }

  #look(bytes: Buffer): void {
    const more = LOOKED_AT - this.firstBytes.bytes().length;
    if (more > 0) this.firstBytes.append(bytes.subarray(0, more));
  }

  async #show(bytes: Buffer): Promise<void> {
    const { streaming } = this.#options;
    if (!streaming) return;
    if (!this.scan.isWellFormed) streaming.invalidate();
    await streaming.observe(bytes, { lines: !this.scan.flags.quotedNewline });
  }

  async #next(): Promise<Buffer | undefined> {
    const { value, done } = await this.#chunks.next();
    return done ? undefined : value;
  }
}
