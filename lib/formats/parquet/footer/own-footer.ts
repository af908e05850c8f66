import type { Footer } from './footer.ts';
import type { Meaning, TimeUnit } from './meaning.ts';
import { type Leaf, leavesOf, type SchemaNode } from './schema.ts';
import { type ThriftField, thriftStruct } from './thrift-writer.ts';

/** Where the pages of a chunk lie, as its pages themselves say. */
interface Places {
  readonly dictionary: number | undefined;
  readonly data: number;
}

/** A column of the file in the footer of ours. */
export interface OwnColumn {
  /** Its number in the file. */
  readonly root: number;
  readonly as: OwnReading;
}

/**
 * What DuckDB is to take from a column. Of `json`, all of it becomes JSON, in which a time has to say its zone; otherwise a time is read
 * without it, since DuckDB cuts one with a zone to microseconds. `bytes`: what the file does not call text is not read as text.
 */
export type OwnReading = 'values' | 'json' | 'bytes';

/**
 * A footer of ours for pages of the vendor's: of these columns alone, called c0, c1 and so on, and of what was checked alone. So DuckDB
 * reads no statistics, names or hints of the vendor's, and gives nanoseconds and INT96 as they are, which it would cut.
 */
export function ownFooter(
  footer: Footer,
  columns: readonly OwnColumn[],
  places: readonly (readonly Places[])[],
): Buffer {
  const firstLeaf = firstLeaves(footer.columns);
  const schema = [
    thriftStruct([
      [4, 'binary', 'schema'],
      [5, 'i32', columns.length],
    ]),
    ...columns.flatMap(({ root, as }, index) => elements({ ...footer.columns[root]!, name: ownName(index) }, as)),
  ];
  const groups = footer.groups.map((group, at) => {
    const chunks = columns.flatMap(({ root }, index) =>
      leavesOf({ ...footer.columns[root]!, name: ownName(index) }).map(([path, { physical }], nth) => {
        const leaf = firstLeaf[root]! + nth;
        return chunkOf(group.chunks[leaf]!, { path, physical }, places[at]![leaf]!);
      }),
    );
    const size = group.chunks.reduce((sum, { uncompressed }) => sum + uncompressed, 0);
    return thriftStruct([
      [1, 'structs', chunks],
      [2, 'i64', size],
      [3, 'i64', group.rows],
    ]);
  });
  const bytes = thriftStruct([
    [1, 'i32', 1],
    [2, 'structs', schema],
    [3, 'i64', footer.rows],
    [4, 'structs', groups],
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([bytes, length, Buffer.from('PAR1')]);
}

/** The name of a column in the footer of ours. */
export function ownName(index: number): string {
  return `c${index}`;
}

/** The type that DuckDB must give a leaf of the footer of ours. */
export function duckDbType({ meaning }: Leaf, as: OwnReading): string {
  if (meaning.kind === 'binary') return as === 'bytes' ? 'BLOB' : 'VARCHAR';
  switch (meaning.kind) {
    case 'integer':
      return `${meaning.isSigned ? '' : 'U'}${integers[meaning.bits] ?? ''}`;
    case 'decimal':
      return `DECIMAL(${meaning.precision},${meaning.scale})`;
    case 'timestamp':
      return meaning.isInt96 ? 'BLOB' : meaning.unit === 'ns' ? 'TIMESTAMP_NS' : 'TIMESTAMP';
    case 'time':
      return meaning.unit === 'ns' ? 'TIME_NS' : 'TIME';
    default:
      return types[meaning.kind] ?? '';
  }
}

const integers: Readonly<Record<number, string>> = { 8: 'TINYINT', 16: 'SMALLINT', 32: 'INTEGER', 64: 'BIGINT' };
const types: Readonly<Record<string, string>> = {
  boolean: 'BOOLEAN',
  float: 'FLOAT',
  double: 'DOUBLE',
  date: 'DATE',
  text: 'VARCHAR',
  json: 'VARCHAR',
  uuid: 'UUID',
};

/** Index of the first leaf of each column. */
function firstLeaves(columns: readonly SchemaNode[]): number[] {
  let next = 0;
  return columns.map((column) => {
    const first = next;
    next += leavesOf(column).length;
    return first;
  });
}

function chunkOf(
  chunk: Footer['groups'][number]['chunks'][number],
  { path, physical }: { readonly path: readonly string[]; readonly physical: number },
  { dictionary, data }: Places,
): Buffer {
  const metadata = thriftStruct([
    [1, 'i32', physicalOf(physical)],
    [2, 'i32s', chunk.encodings],
    [3, 'binaries', path],
    [4, 'i32', chunk.codec],
    [5, 'i64', chunk.values],
    [6, 'i64', chunk.uncompressed],
    [7, 'i64', chunk.length],
    [9, 'i64', data],
    [11, 'i64', dictionary],
  ]);
  return thriftStruct([
    [2, 'i64', 0],
    [3, 'struct', metadata],
  ]);
}

function elements(node: SchemaNode, as: OwnReading): Buffer[] {
  const named: ThriftField[] = [
    [3, 'i32', node.repetition],
    [4, 'binary', node.name],
  ];
  if (!node.children) return [leafElement(node, named, as)];
  const converted = node.annotation === 'list' ? 3 : node.annotation === 'map' ? 1 : undefined;
  const group = thriftStruct([...named, [5, 'i32', node.children.length], [6, 'i32', converted]]);
  return [group, ...node.children.flatMap((child) => elements(child, as))];
}

function leafElement({ physical, length, meaning }: Leaf, named: readonly ThriftField[], as: OwnReading): Buffer {
  const isInt96 = physical === INT96;
  return thriftStruct([
    [1, 'i32', physicalOf(physical)],
    [2, 'i32', isInt96 ? INT96_BYTES : length],
    ...named,
    [6, 'i32', convertedOf(meaning, as)],
    [7, 'i32', meaning.kind === 'decimal' ? meaning.scale : undefined],
    [8, 'i32', meaning.kind === 'decimal' ? meaning.precision : undefined],
    [10, 'struct', isInt96 ? undefined : logicalOf(meaning, physical, as)],
  ]);
}

const INT96 = 3;
const INT96_BYTES = 12;
const FIXED_LENGTH = 7;

/** The bytes of INT96 are the same as those of texts of twelve bytes. */
function physicalOf(physical: number): number {
  return physical === INT96 ? FIXED_LENGTH : physical;
}

function convertedOf(meaning: Meaning, as: OwnReading): number | undefined {
  switch (meaning.kind) {
    case 'integer':
      return (meaning.isSigned ? 15 : 11) + Math.log2(meaning.bits / 8);
    case 'text':
    case 'json':
      return 0;
    case 'binary':
      return as === 'bytes' ? undefined : 0;
    case 'decimal':
      return 5;
    case 'date':
      return 6;
    default:
      return undefined;
  }
}

const NOTHING = thriftStruct([]);

function logicalOf(meaning: Meaning, physical: number, as: OwnReading): Buffer | undefined {
  if (meaning.kind === 'uuid') return thriftStruct([[14, 'struct', NOTHING]]);
  if (meaning.kind === 'float' && physical === FIXED_LENGTH) return thriftStruct([[15, 'struct', NOTHING]]);
  if (meaning.kind !== 'time' && meaning.kind !== 'timestamp') return undefined;
  const of = thriftStruct([
    [1, 'boolean', as === 'json' && meaning.kind === 'timestamp' && meaning.isUtc === true],
    [2, 'struct', thriftStruct([[units[meaning.unit], 'struct', NOTHING]])],
  ]);
  return thriftStruct([[meaning.kind === 'time' ? 7 : 8, 'struct', of]]);
}

const units: Readonly<Record<TimeUnit, number>> = { ms: 1, µs: 2, ns: 3 };
