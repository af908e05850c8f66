import type { ReadingColumn } from '../../core/feed/reading-spec.ts';
import { decimalOf, typeName } from '../../core/feed/values/column-type.ts';
import { isSpelledPlainly } from '../../core/feed/values/spelling/spelling.ts';
import { isTextual, isWhole, traitsOf } from '../../core/feed/values/type-traits.ts';
import { type Meaning, nameOf } from './footer/meaning.ts';
import { leavesOf, type SchemaNode } from './footer/schema.ts';
import type { ParquetFormat } from './options.ts';

/** A declared column, or one that the table takes as text. */
export type Declared = Pick<ReadingColumn, 'type'> & Partial<ReadingColumn>;

/** Why values of this type in the file cannot be read as the declared one without losing what they mean, and what helps; undefined where they can. */
export function misfitOf(node: SchemaNode, column: Declared, format: ParquetFormat): string | undefined {
  const { type } = column;
  if (node.children || node.repetition === 2) {
    if (isTextual(type) || ['json', 'jsonb', 'array'].includes(typeName(type))) return withinJson(node);
    return 'it has values within values: declare text, json, jsonb or an array such as text[], or name one of them in `format.fields`';
  }
  const { meaning } = node;
  if (type === 'bytea' && meaning.kind === 'binary') return unfitBytes(column);
  const lost = unreadable(meaning, format);
  if (lost !== undefined || hasTexts(meaning)) return lost;
  if (column.epoch !== undefined && (meaning.kind === 'integer' || meaning.kind === 'decimal')) return undefined;
  // A decimal 123.500 would be read as 123500 where a point is the mark of thousands.
  if (!isSpelledPlainly(column) || column.replace?.length)
    return 'its values are no text: leave out of the column how text is written, such as `decimal`, `date_format` or `replace`';
  return isTextual(type) ? undefined : unfit(meaning, type, format);
}

function unfitBytes({ bytes, trim, replace, nulls }: Declared): string | undefined {
  const isPlain = bytes === undefined && !trim && !replace?.length && !nulls?.length;
  return isPlain
    ? undefined
    : 'its values are bytes, no text: leave out of the column `bytes`, `trim`, `replace` and `nulls`';
}

/** Its type in the file, for messages. */
export function typeNameOf(node: SchemaNode): string {
  if (node.children) return node.annotation === undefined ? 'STRUCT' : node.annotation.toUpperCase();
  return node.repetition === 2 ? `a list of ${nameOf(node.meaning)}` : nameOf(node.meaning);
}

/** What is to be remembered where a file stores a column as another type than the declared one, and every value can still be told. */
export function differenceOf(node: SchemaNode, { type }: Declared): string | undefined {
  if (node.children) return undefined;
  const { meaning } = node;
  const isText = meaning.kind === 'text' && type !== 'uuid' && traitsOf(type).isKeptAsText !== true;
  const decimal = decimalOf(type);
  const isOtherDecimal = decimal !== undefined && meaning.kind === 'decimal' && meaning.scale !== decimal.scale;
  const isFloat = meaning.kind === 'float' || meaning.kind === 'double';
  const isDigits = isFloat && traitsOf(type).number !== 'float' && !isTextual(type);
  return isText || isOtherDecimal || isDigits ? `is ${typeNameOf(node)} in the file, read as ${type}` : undefined;
}

/** Text is read by the type, as the text of any other format. */
function hasTexts({ kind }: Meaning): boolean {
  return kind === 'text' || kind === 'binary' || kind === 'null';
}

/** What no type of a column can hold. */
function unreadable(meaning: Meaning, format: ParquetFormat): string | undefined {
  if (meaning.kind === 'other') return 'no type of a column holds it: name it in `ignore`';
  if (meaning.kind === 'binary' && !format.binary_as_text)
    return 'the file does not say that its bytes are text: declare bytea, or `format.binary_as_text: true` reads them as UTF-8';
  if (meaning.kind === 'decimal' && (meaning.precision > MAX_PRECISION || meaning.scale > meaning.precision))
    return `decimals have at most ${MAX_PRECISION} digits`;
  if (meaning.kind === 'timestamp' && meaning.isUtc === undefined && format.unmarked_times === undefined)
    return 'it does not say whether its times are UTC: `format.unmarked_times: utc` or `local` says it';
  return undefined;
}

const MAX_PRECISION = 38;

function unfit(meaning: Meaning, type: ReadingColumn['type'], format: ParquetFormat): string | undefined {
  const { kind } = meaning;
  if (kind === 'timestamp') return unfitTimestamp(meaning.isUtc ?? format.unmarked_times === 'utc', type);
  if (kind === type) return undefined;
  const isNumber = isWhole(type) || decimalOf(type) !== undefined;
  if (kind === 'integer') {
    const exactBits = type === 'double' ? 32 : type === 'real' ? 16 : 0;
    if (isNumber || type === 'boolean' || meaning.bits <= exactBits) return undefined;
    return exactBits > 0 ? `a ${type} cannot hold all of its numbers: declare bigint` : declare('bigint');
  }
  if (kind === 'decimal') {
    if (isNumber && (decimalOf(type) !== undefined || meaning.scale === 0)) return undefined;
    return declare(`decimal(${meaning.precision},${meaning.scale})`);
  }
  if (kind === 'float' || kind === 'double') {
    if (type === 'double' || (type === 'real' && kind === 'float') || (isNumber && format.doubles_as_digits))
      return undefined;
    return isNumber
      ? 'declare double, or `format.doubles_as_digits: true` takes the digits of each value'
      : declare('double');
  }
  if (kind === 'json') return type === 'jsonb' ? undefined : declare('text');
  return declare(kind);
}

function unfitTimestamp(isUtc: boolean, type: string): string | undefined {
  const fitting = isUtc ? 'timestamptz' : 'timestamp';
  if (type === fitting) return undefined;
  return isUtc ? 'its times are UTC: declare timestamptz' : 'its times have no zone: declare timestamp';
}

function declare(type: string): string {
  return `declare ${type}`;
}

/** What JSON text could not hold exactly. */
function withinJson(node: SchemaNode): string | undefined {
  for (const [path, { meaning }] of leavesOf(node)) {
    const isCut =
      meaning.kind === 'timestamp' && (meaning.isUtc === undefined || (meaning.isUtc && meaning.unit === 'ns'));
    const isUnreadable = unreadable(meaning, { type: 'parquet' });
    if (isCut || isUnreadable !== undefined)
      return `${path.join('.')} within it is ${nameOf(meaning)}, which JSON cannot hold`;
  }
  return undefined;
}
