import type { FileHandle } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { NightfeedError } from '../../core/errors.ts';
import { excerpt } from '../../core/shown-text.ts';
import { Fields } from './footer/fields.ts';
import { bytesAt, type Chunk, type Footer, MAGIC } from './footer/footer.ts';
import { corrupt, inFooter } from './footer/parquet-fault.ts';
import { ThriftFault, ThriftReader } from './footer/thrift.ts';

/** Where the pages of a chunk lie. */
interface ChunkPages {
  readonly dictionary: number | undefined;
  readonly data: number;
  /** Bytes of the largest pages, packed and unpacked: so much of it is in memory at a time. */
  readonly largest: number;
}

export interface Pages {
  /** As in the footer: by row group and leaf. */
  readonly chunks: readonly (readonly ChunkPages[])[];
  /** All pages had a checksum. */
  readonly areSummed: boolean;
}

/** Walks over all pages and compares them with the footer and with their checksums, where they have some. DuckDB does neither. */
export async function checkPages(file: FileHandle, footer: Footer): Promise<Pages> {
  checkPlaces(footer);
  const chunks: ChunkPages[][] = [];
  let areSummed = true;
  for (const group of footer.groups) {
    const found: ChunkPages[] = [];
    for (const chunk of group.chunks) {
      const { isSummed, ...pages } = await walk(file, chunk);
      areSummed &&= isSummed;
      found.push(pages);
    }
    chunks.push(found);
  }
  return { chunks, areSummed };
}

/** Chunks lie between the first bytes and the footer, and none within another. */
function checkPlaces({ groups, start }: Footer): void {
  const chunks = groups.flatMap((group) => group.chunks);
  let before = MAGIC.length;
  for (const chunk of chunks.toSorted((a, b) => a.start - b.start)) {
    if (chunk.start < before || chunk.start + chunk.length > start) throw damaged(chunk, 'its pages lie among others');
    before = chunk.start + chunk.length;
  }
}

async function walk(file: FileHandle, chunk: Chunk): Promise<ChunkPages & { readonly isSummed: boolean }> {
  if (!codecs.has(chunk.codec)) {
    const message = `the column ${excerpt(chunk.path)} is packed with ${otherCodecs[chunk.codec] ?? `codec ${chunk.codec}`}; allowed are ${[...codecs.values()].join(', ')}`;
    throw new NightfeedError('PARQUET_UNSUPPORTED', message);
  }
  const end = chunk.start + chunk.length;
  const window = new Window(file, end);
  let dictionary: number | undefined;
  let data: number | undefined;
  let dictionaryBytes = 0;
  let dataBytes = 0;
  let values = 0;
  let isSummed = true;
  for (let at = chunk.start; at < end; ) {
    const page = await window.header(at, chunk);
    const content = at + page.headerLength;
    if (content + page.packed > end) throw damaged(chunk, `a page at byte ${at} is longer than its column`);
    if (chunk.codec === 0 && page.packed !== page.unpacked) throw damaged(chunk, `a page at byte ${at} has two sizes`);
    if (page.crc === undefined) isSummed = false;
    else await checkSum(file, content, page, chunk);
    if (page.kind === 'dictionary') {
      if (at !== chunk.start) throw damaged(chunk, `a dictionary stands at byte ${at}, behind other pages`);
      dictionary = at;
      dictionaryBytes = page.packed + page.unpacked;
    } else if (page.kind === 'data') {
      data ??= at;
      dataBytes = Math.max(dataBytes, page.packed + page.unpacked);
      values += page.values;
    }
    at = content + page.packed;
  }
  if (values !== chunk.values) throw damaged(chunk, `its pages have ${values} values, the footer says ${chunk.values}`);
  return { dictionary, data: data ?? chunk.start, largest: dictionaryBytes + dataBytes, isSummed };
}

/** By their number; DuckDB reads them all. */
const codecs: ReadonlyMap<number, string> = new Map([
  [0, 'none'],
  [1, 'Snappy'],
  [2, 'gzip'],
  [4, 'Brotli'],
  [6, 'zstd'],
  [7, 'LZ4_RAW'],
]);
const otherCodecs: Readonly<Record<number, string>> = { 3: 'LZO', 5: "Hadoop's LZ4" };

async function checkSum(file: FileHandle, from: number, page: Page, chunk: Chunk): Promise<void> {
  let sum = 0;
  for (let done = 0; done < page.packed; ) {
    const length = Math.min(PIECE_BYTES, page.packed - done);
    sum = crc32(await bytesAt(file, from + done, length), sum);
    done += length;
  }
  if (sum !== page.crc) throw damaged(chunk, `the checksum of a page at byte ${from} is wrong`);
}

const PIECE_BYTES = 1 << 20;

interface Page {
  readonly kind: 'data' | 'dictionary' | 'index';
  readonly headerLength: number;
  readonly packed: number;
  readonly unpacked: number;
  readonly crc: number | undefined;
  readonly values: number;
}

/** Bytes of the file that are read ahead for page headers, which are small. */
class Window {
  readonly #file: FileHandle;
  /** Nothing is read from here on. */
  readonly #end: number;
  #bytes: Buffer = Buffer.alloc(0);
  #from = 0;

  constructor(file: FileHandle, end: number) {
    this.#file = file;
    this.#end = end;
  }

  async header(at: number, chunk: Chunk): Promise<Page> {
    for (let wanted = HEADER_BYTES; ; wanted *= 8) {
      await this.#load(at, wanted);
      const reader = new ThriftReader(this.#bytes, at - this.#from);
      try {
        const fields = new Fields(reader.struct(), 'a page header');
        return inFooter(`a page of ${chunk.path}`, () => pageOf(fields, reader.at - (at - this.#from)));
      } catch (thrown) {
        const isAll = this.#from + this.#bytes.length >= this.#end || wanted > MAX_HEADER_BYTES;
        if (!(thrown instanceof ThriftFault)) throw thrown;
        if (!thrown.isShort || isAll) throw damaged(chunk, `the page at byte ${at} has no header: ${thrown.message}`);
      }
    }
  }

  async #load(at: number, wanted: number): Promise<void> {
    const needed = Math.min(wanted, this.#end - at);
    if (at >= this.#from && at + needed <= this.#from + this.#bytes.length) return;
    this.#bytes = await bytesAt(this.#file, at, Math.min(Math.max(needed, AHEAD_BYTES), this.#end - at));
    this.#from = at;
  }
}

/** A header has some tens of bytes; with the least and the greatest text of its page, some more. */
const HEADER_BYTES = 512;
const MAX_HEADER_BYTES = 8 << 20;
/** Small pages come with one read. */
const AHEAD_BYTES = 16 << 10;

function pageOf(fields: Fields, headerLength: number): Page {
  const type = fields.count(1);
  const sizes = { headerLength, unpacked: fields.count(2), packed: fields.count(3), crc: fields.unsigned(4) };
  if (type === 2) return { ...sizes, kind: 'dictionary', values: 0 };
  if (type === 1) return { ...sizes, kind: 'index', values: 0 };
  return { ...sizes, kind: 'data', values: fields.struct(type === 0 ? 5 : 8, 'the header of a data page').count(1) };
}

function damaged({ path }: Chunk, what: string): NightfeedError {
  return corrupt(`column ${excerpt(path)}: ${what}`);
}
