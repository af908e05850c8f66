import type { FileHandle } from 'node:fs/promises';
import { NightfeedError } from '../../../core/errors.ts';
import { Fields, FooterFault } from './fields.ts';
import { refuseOtherKinds } from './other-kinds.ts';
import { corrupt, inFooter } from './parquet-fault.ts';
import { leavesOf, type SchemaNode, schemaOf } from './schema.ts';
import { ThriftReader } from './thrift.ts';

export interface Footer {
  readonly columns: readonly SchemaNode[];
  readonly rows: number;
  readonly groups: readonly RowGroup[];
  /** Of its first byte: pages lie before it. */
  readonly start: number;
}

interface RowGroup {
  readonly rows: number;
  /** One for each leaf, in their order. */
  readonly chunks: readonly Chunk[];
}

/** The pages of a leaf in a row group. */
export interface Chunk {
  /** As messages name it. */
  readonly path: string;
  readonly codec: number;
  readonly encodings: readonly number[];
  readonly values: number;
  readonly start: number;
  readonly length: number;
  readonly uncompressed: number;
}

/** Reads what a Parquet file says of itself at its end, and refuses what contradicts itself. */
export async function readFooter(file: FileHandle, size: number): Promise<Footer> {
  const start = await bytesAt(file, 0, Math.min(size, FIRST_BYTES));
  const end = await bytesAt(file, Math.max(0, size - TAIL_BYTES), Math.min(size, TAIL_BYTES));
  refuseOtherKinds(start, end, size);
  const length = end.readUInt32LE(0);
  const at = size - TAIL_BYTES - length;
  if (at < MAGIC.length) throw corrupt(`its footer of ${length} bytes does not fit`);
  if (length > MAX_FOOTER_BYTES) {
    const message = `the footer has ${length} bytes; at most ${MAX_FOOTER_BYTES} are read`;
    throw new NightfeedError('PARQUET_UNSUPPORTED', message);
  }
  const bytes = await bytesAt(file, at, length);
  return inFooter('its footer', () => footerIn(bytes, at));
}

export const MAGIC = 'PAR1';
const TAIL_BYTES = 8;
const FIRST_BYTES = 16;

/** A thousand columns in a thousand row groups need less. */
const MAX_FOOTER_BYTES = 64 << 20;

export async function bytesAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let read = 0;
  while (read < length) {
    const { bytesRead } = await file.read(bytes, read, length - read, at + read);
    if (bytesRead === 0) throw corrupt(`it ends before byte ${at + length}`);
    read += bytesRead;
  }
  return bytes;
}

function footerIn(bytes: Buffer, start: number): Footer {
  const reader = new ThriftReader(bytes);
  const fields = new Fields(reader.struct(), 'the footer');
  if (reader.at !== bytes.length) throw new FooterFault('something follows its metadata');
  if (fields.has(8)) throw new NightfeedError('PARQUET_ENCRYPTED', 'columns of the Parquet file are encrypted');
  const columns = schemaOf(fields.structs(2, 'a schema element'));
  const leaves = columns.flatMap((column) => leavesOf(column));
  const groups = fields.structs(4, 'a row group').map((group) => {
    const chunks = group.structs(1, 'a column chunk').map((chunk, index) => chunkOf(chunk, leaves[index]));
    if (chunks.length !== leaves.length)
      throw new FooterFault(`a row group has ${chunks.length} of ${leaves.length} columns`);
    const rows = group.count(3);
    for (const [index, { path, values }] of chunks.entries()) {
      // A column without repetition has a value, or null, for each row.
      const isFlat = leaves[index]![0].length === 1 && leaves[index]![1].repetition < 2;
      if (isFlat ? values !== rows : values < rows && leaves[index]![0].length === 1)
        throw new FooterFault(`a row group of ${rows} rows has ${values} values of ${path}`);
    }
    return { rows, chunks };
  });
  const rows = fields.count(3);
  const sum = groups.reduce((total, group) => total + group.rows, 0);
  if (sum !== rows) throw new FooterFault(`it counts ${rows} rows, its row groups ${sum}`);
  // Where there are no rows some writers name no place.
  return { columns, rows, groups: groups.filter((group) => group.rows > 0), start };
}

function chunkOf(chunk: Fields, leaf: ReturnType<typeof leavesOf>[number] | undefined): Chunk {
  if (leaf === undefined) throw new FooterFault('a row group has more columns than the schema');
  const [names, { physical }] = leaf;
  const path = names.join('.');
  if (chunk.has(8)) throw new NightfeedError('PARQUET_ENCRYPTED', 'columns of the Parquet file are encrypted');
  if (chunk.has(1)) throw new NightfeedError('PARQUET_UNSUPPORTED', 'columns of the Parquet file lie in other files');
  const of = chunk.struct(3, 'the metadata of a column chunk');
  if (of.count(1) !== physical || of.texts(3).join('\0') !== names.join('\0'))
    throw new FooterFault(`the columns of a row group are not those of the schema, such as ${path}`);
  const dictionary = of.optionalCount(11) ?? 0;
  const data = of.count(9);
  return {
    path,
    codec: of.count(4),
    encodings: of.counts(2),
    values: of.count(5),
    // Some writers name a dictionary at 0 where there is none.
    start: dictionary > 0 ? Math.min(dictionary, data) : data,
    length: of.count(7),
    uncompressed: of.count(6),
  };
}
