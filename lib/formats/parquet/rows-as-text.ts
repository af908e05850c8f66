import { asNightfeedError, NightfeedError } from '../../core/errors.ts';
import { quoteLiteral } from '../../core/feed/identifier.ts';
import { decimalOf } from '../../core/feed/values/column-type.ts';
import { isWhole } from '../../core/feed/values/type-traits.ts';
import { excerpt } from '../../core/shown-text.ts';
import type { LocalFile } from '../../ports/file-format.ts';
import { duckDbType } from './footer/own-footer.ts';
import { corrupt } from './footer/parquet-fault.ts';
import type { ParquetFormat } from './options.ts';
import { type ReadColumn, readingOf } from './read-column.ts';
import { textSql, valueSql } from './text-sql.ts';

/** The rows of a file with a footer of ours as record text, in their order. Throws PARQUET_CORRUPT, PARQUET_UNSUPPORTED, DECOMPRESSION_LIMIT and ENCODING. */
export async function* rowsAsText(
  local: LocalFile,
  columns: readonly ReadColumn[],
  /** The number of each column in the footer of ours. */
  places: readonly number[],
  format: ParquetFormat,
): AsyncGenerator<Buffer> {
  const rows = `read_parquet(${quoteLiteral(local.path)}, hive_partitioning = false)`;
  const fields = columns.map((column, index) => {
    const { type } = column.declared;
    const isDigits = format.doubles_as_digits === true && (isWhole(type) || decimalOf(type) !== undefined);
    return `${textSql(column, places[index]!, isDigits, format)} AS ${fieldName(index)}`;
  });
  const texts = columns.flatMap(({ from }, index) => (isText(from.node) ? [fieldName(index)] : []));
  const quoted = texts.length > 0 ? `, FORCE_QUOTE (${texts.join(', ')})` : '';
  try {
    await requireTypes(local, rows, columns, places);
    let length = 0;
    for await (const piece of local.copy(
      `SELECT ${fields.join(', ')} FROM ${rows}`,
      `FORMAT csv, HEADER false, NULLSTR ''${quoted}`,
    )) {
      length += piece.length;
      requireRatio(local.size, length);
      yield piece;
    }
  } catch (thrown) {
    throw explained(thrown);
  }
}

/** Columns of equal values are packed into next to nothing, but the key of a row is not. A file that becomes more text is an attack or a fault. */
const MAX_RATIO = 500;
const UNJUDGED_BYTES = 64_000_000;

function requireRatio(packed: number, unpacked: number): void {
  if (unpacked <= UNJUDGED_BYTES || unpacked <= packed * MAX_RATIO) return;
  const message = `${packed} bytes of Parquet became more than ${unpacked} bytes of text; at most ${MAX_RATIO} times as many are allowed`;
  throw new NightfeedError('DECOMPRESSION_LIMIT', message);
}

function fieldName(index: number): string {
  return `f${index}`;
}

/** Fields that may hold anything. Null is never quoted, and an empty text always. */
function isText(node: ReadColumn['from']['node']): boolean {
  return node.children !== undefined || node.repetition === 2 || ['text', 'json', 'binary'].includes(node.meaning.kind);
}

/** DuckDB has to read the types that the footer says; else it would turn values into others. */
async function requireTypes(
  local: LocalFile,
  rows: string,
  columns: readonly ReadColumn[],
  places: readonly number[],
): Promise<void> {
  const values = columns.map(({ from }, index) => valueSql(from, places[index]!)).join(', ');
  const described = await local.ask(`SELECT column_type FROM (DESCRIBE SELECT ${values} FROM ${rows})`);
  for (const [index, column] of columns.entries()) {
    const { node } = column.from;
    const found = described[index]?.column_type;
    if (node.children || node.repetition === 2 || node.meaning.kind === 'null') continue;
    const said = duckDbType(node, readingOf(column));
    if (found === said) continue;
    const message = `${excerpt(column.name)}: DuckDB reads ${found}, the footer says ${said}`;
    throw new NightfeedError('ENGINE_DISAGREES', message);
  }
}

function explained(thrown: unknown): unknown {
  const { name, message } = asNightfeedError(thrown);
  if (name !== 'ENGINE_FAILED') return thrown;
  if (/string encoding|UTF-?8|unicode/i.test(message))
    return new NightfeedError('ENCODING', `a text in the Parquet file is not UTF-8: ${message}`, { cause: thrown });
  // Somebody else ended it, perhaps because the machine lacks memory.
  if (/ended with SIG(KILL|TERM|INT|HUP)/.test(message)) return thrown;
  if (/not supported|only supported|unsupported|not implemented/i.test(message))
    return new NightfeedError('PARQUET_UNSUPPORTED', `its values cannot be read: ${message}`, { cause: thrown });
  return corrupt(`its values cannot be read: ${message}`, thrown);
}
