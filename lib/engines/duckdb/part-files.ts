import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline as flow } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdDecompress } from 'node:zlib';
import type { ReadingSpec } from '../../core/feed/reading-spec.ts';
import { type LineKind, readLine } from '../../core/objects/object-kind.ts';
import { contentEnd } from '../../core/records/fields.ts';
import { locate, records } from '../../core/records/record-stream.ts';
import { recordSyntaxOf } from '../../core/records/record-syntax.ts';
import type { FileParts, Part, RecordEnd } from '../../core/run/file-parts.ts';
import { type Structural, structuralLine } from '../../core/run/pull-receipt.ts';
import { type Dropped, droppedLine } from '../../core/run/snapshot-manifest.ts';
import type { FileRange } from '../../core/sql/plans/repeats-sql.ts';
import type { Store } from '../../ports/store.ts';
import { linesOf } from '../common/lines.ts';

/** A landing part as a local file that has only well-formed records. */
export interface PartFile {
  /** Position among all parts of the table. */
  readonly index: number;
  readonly path: string;
  readonly header: readonly string[];
  readonly recordEnd: RecordEnd;
  /** How many records a reader must find. */
  readonly rows: number;
}

type Files = readonly FileParts[];

/** A part, and what its file's head says about it. */
export interface TablePart {
  readonly part: Part;
  readonly header: readonly string[];
  readonly recordEnd: RecordEnd;
}

/** The parts of a table, with their position. */
export function tableParts(files: Files): TablePart[] {
  return files.flatMap(({ header, recordEnd, parts }) => parts.map((part) => ({ part, header, recordEnd })));
}

/** Which parts belong to which of the vendor's files, where whole parts are read. */
export function wholeParts(files: readonly { readonly parts: readonly unknown[] }[]): FileRange[] {
  const owners = files.flatMap(({ parts }, file) => parts.map(() => file));
  return owners.map((file, part) => ({ part, first: 0, past: Number.MAX_SAFE_INTEGER, file }));
}

/** Local files of the parts. A part with dropped records is copied without them into the scratch folder. */
export async function partFiles(
  store: Store,
  files: Files,
  drops: DropsByPart,
  reading: ReadingSpec,
  scratch: string,
  prefix: string,
): Promise<PartFile[]> {
  const local: PartFile[] = [];
  for (const [index, tablePart] of tableParts(files).entries()) {
    const { part, header, recordEnd } = tablePart;
    const dropped = drops.get(index) ?? [];
    const rows = part.rows - dropped.length;
    if (rows === 0) continue;
    if (header.length === 1) {
      const path = join(scratch, `${prefix}-${index}.csv`);
      await pipeline(widened(store, tablePart, reading, dropped), createWriteStream(path));
      local.push({ index, path, header: [...header, ''], recordEnd: '\n', rows });
      continue;
    }
    const path =
      dropped.length === 0 ? await store.localPath(part.key, scratch) : join(scratch, `${prefix}-${index}.csv`);
    if (dropped.length > 0) await pipeline(partBytes(store, part), withoutRanges(dropped), createWriteStream(path));
    local.push({ index, path, header, recordEnd, rows });
  }
  return local;
}

/** Records of a part by their ascending numbers, with their bytes. */
export function locateIn(
  store: Store,
  { part, header, recordEnd }: TablePart,
  reading: ReadingSpec,
  indexes: Iterable<number>,
) {
  return locate(indexes, partBytes(store, part), recordSyntaxOf(reading.format), recordEnd, header.length);
}

/** The decompressed bytes of a part. */
export async function* partBytes(store: Store, part: Part): AsyncGenerator<Buffer<ArrayBuffer>> {
  const decompress = createZstdDecompress({ chunkSize: 1 << 20 });
  // An error is thrown when the reader gets to it. A reader that stops early ends the source.
  flow(store.read(part.key), decompress, () => {});
  yield* decompress as AsyncIterable<Buffer<ArrayBuffer>>;
}

/** Dropped ranges by part, in order. */
export type DropsByPart = ReadonlyMap<number, readonly Dropped[]>;

/** Records that a snapshot drops. */
export function readDrops(store: Store, key: string | undefined): Promise<Map<number, Dropped[]>> {
  return rangesByPart(store, droppedLine, key);
}

/** Records that the scan of a delivery rejected. */
export function readStructural(store: Store, key: string | undefined): Promise<Map<number, Structural[]>> {
  return rangesByPart(store, structuralLine, key);
}

async function rangesByPart<Range extends Dropped>(
  store: Store,
  kind: LineKind<Range>,
  key: string | undefined,
): Promise<Map<number, Range[]>> {
  const byPart = new Map<number, Range[]>();
  if (key === undefined) return byPart;
  for await (const line of linesOf(store.read(key))) {
    const range = readLine(kind, line, key);
    const ranges = byPart.get(range.part) ?? [];
    if (ranges.length === 0) byPart.set(range.part, ranges);
    ranges.push(range);
  }
  return byPart;
}

/**
 * A part of a one-column table with a constant second column. Without it DuckDB takes blank lines for rows, and misreads CRLF.
 */
async function* widened(
  store: Store,
  { part, header, recordEnd }: TablePart,
  reading: ReadingSpec,
  dropped: readonly Dropped[],
): AsyncGenerator<Buffer> {
  const second = Buffer.from(`${reading.format.delimiter}1\n`);
  let nextDropped = 0;
  for await (const { offset, bytes } of records(
    partBytes(store, part),
    recordSyntaxOf(reading.format),
    recordEnd,
    header.length,
  )) {
    if (dropped[nextDropped]?.offset === offset) nextDropped += 1;
    else yield Buffer.concat([bytes.subarray(0, contentEnd(bytes)), second]);
  }
}

export function withoutRanges(ranges: readonly Dropped[]) {
  return async function* (chunks: AsyncIterable<Buffer<ArrayBuffer>>): AsyncGenerator<Buffer<ArrayBuffer>> {
    let position = 0;
    let next = 0;
    for await (const chunk of chunks) {
      const end = position + chunk.length;
      let from = position;
      while (next < ranges.length && ranges[next]!.offset < end) {
        const { offset, length } = ranges[next]!;
        if (offset > from) yield chunk.subarray(from - position, offset - position);
        from = Math.max(from, Math.min(offset + length, end));
        if (offset + length > end) break;
        next += 1;
      }
      if (from < end) yield chunk.subarray(from - position);
      position = end;
    }
  };
}
