import { z } from 'zod';
import { databaseTypeOf, databaseTypeText } from './database-type.ts';
import { typeHint } from './type-hint.ts';
import { typePattern } from './type-pattern.ts';

/** All column types without a size. */
export const plainTypes = [
  'text',
  'smallint',
  'integer',
  'bigint',
  'real',
  'double',
  'boolean',
  'date',
  'timestamp',
  'timestamptz',
  'time',
  'interval',
  'uuid',
  'bytea',
  'json',
  'jsonb',
  'citext',
] as const;
type PlainType = (typeof plainTypes)[number];

/** Types whose canonical text is what PostgreSQL prints, in an array too, whatever a session has set. A float's is not: it is its bits. */
const plainElements = ['text', 'smallint', 'integer', 'bigint', 'boolean', 'date', 'uuid'] as const;
type ElementType = (typeof plainElements)[number] | `decimal(${number},${number})` | `varchar(${number})`;
export type ArrayType = `${ElementType}[]`;

/** A column type as the feed file writes it, without blanks: `bigint`, `decimal(12,2)`, `enum(shop.state)`, `text[]`. */
export type ColumnType =
  | PlainType
  | ArrayType
  | `decimal(${number},${number})`
  | `varchar(${number})`
  | `enum(${string})`
  | `citext(${string})`;

/** What a type is called without its size: `decimal` for `decimal(12,2)`. A table by these names is whole, or it does not compile. */
export type TypeName = PlainType | 'decimal' | 'varchar' | 'enum' | 'array';

export function typeName(type: ColumnType): TypeName {
  if (type.endsWith(ARRAY)) return 'array';
  const size = type.indexOf('(');
  return (size < 0 ? type : type.slice(0, size)) as TypeName;
}

const ARRAY = '[]';

/** The type of an array's elements. */
export function elementOf(type: ArrayType): ColumnType {
  return type.slice(0, -ARRAY.length) as ColumnType;
}

/** How many numbers stand behind a type's name. */
const sizes: Readonly<Record<Exclude<TypeName, PlainType | 'enum' | 'array'>, number>> = { varchar: 1, decimal: 2 };

/** DuckDB and Spark end at 38 digits. */
const MAX_PRECISION = 38;
const decimalPattern = /^decimal\((\d{1,2}),(\d{1,2})\)$/;
const varcharPattern = /^varchar\(([1-9]\d{0,7})\)$/;
/** PostgreSQL allows no more. */
const MAX_LENGTH = 10_485_760;
const allowedTypes = `expected one of ${plainTypes.join(', ')}, varchar(n), decimal(p,s) with p up to ${MAX_PRECISION}, enum(schema.name), or an array of ${plainElements.join(', ')}, varchar(n) or decimal(p,s), such as text[]`;

export const columnTypeSchema = z
  .string({ error: allowedTypes })
  .meta({
    description:
      'How a field is read and stored. `varchar(n)` has at most n characters, and a longer text is rejected; `real` is a number of 4 bytes; `time` is a time of day without a zone, to 24:00:00; `interval` is a duration such as `P1Y2M3DT4H5M6.5S`, or as PostgreSQL prints it: two are the same if they agree in months, days and microseconds, so that `P1M` and `P30D` are a change. An array such as `text[]` has one dimension, and is written as PostgreSQL prints it (`{a,"b c",NULL}`), as JSON (`["a","b c",null]`), or with a `separator`.',
    examples: [...plainTypes, 'varchar(40)', 'decimal(12,2)', 'enum(shop.state)', 'text[]'],
    pattern: typePattern(
      { ...Object.fromEntries(plainTypes.map((type) => [type, 0])), ...sizes },
      { ...Object.fromEntries(plainElements.map((type) => [type, 0])), ...sizes },
    ),
  })
  .transform((text, context): ColumnType => {
    const type = databaseTypeText(text) ?? text.replaceAll(' ', '').toLowerCase();
    if (isColumnType(type)) return type;
    context.addIssue({ code: 'custom', message: typeComplaint(text), input: text });
    return z.NEVER;
  });

const knownNames = [...plainTypes, ...Object.keys(sizes)];
const elementNames = [...plainElements, ...Object.keys(sizes)];

/** Why a text is no type, and what it may have meant. `more` is what else would do in its place. */
export function typeComplaint(written: unknown, more = ''): string {
  const hint = typeof written === 'string' ? typeHint(written, knownNames, elementNames) : undefined;
  return `${allowedTypes}${more}${hint === undefined ? '' : `; ${hint}`}`;
}

export interface Decimal {
  readonly precision: number;
  readonly scale: number;
}

/** Precision and scale of a decimal type; undefined for every other type. */
export function decimalOf(type: ColumnType): Decimal | undefined {
  const match = decimalPattern.exec(type);
  return match ? { precision: Number(match[1]), scale: Number(match[2]) } : undefined;
}

/** The most characters of a varchar; undefined for every other type. */
export function lengthOf(type: ColumnType): number | undefined {
  const match = varcharPattern.exec(type);
  return match ? Number(match[1]) : undefined;
}

export function isColumnType(type: string): type is ColumnType {
  if (type.endsWith(ARRAY)) return isElementType(type.slice(0, -ARRAY.length));
  return (plainTypes as readonly string[]).includes(type) || databaseTypeOf(type) !== undefined || isSized(type);
}

function isElementType(type: string): boolean {
  return (plainElements as readonly string[]).includes(type) || isSized(type);
}

/** A varchar or a decimal. */
function isSized(type: string): boolean {
  const length = lengthOf(type as ColumnType);
  if (length !== undefined) return length <= MAX_LENGTH;
  const decimal = decimalOf(type as ColumnType);
  return (
    decimal !== undefined &&
    decimal.precision >= 1 &&
    decimal.precision <= MAX_PRECISION &&
    decimal.scale <= decimal.precision
  );
}
