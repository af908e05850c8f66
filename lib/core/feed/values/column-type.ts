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

/** A column type as the feed file writes it, without blanks: `bigint`, `decimal(12,2)`, `enum(shop.state)`. */
export type ColumnType =
  | PlainType
  | `decimal(${number},${number})`
  | `varchar(${number})`
  | `enum(${string})`
  | `citext(${string})`;

/** What a type is called without its size: `decimal` for `decimal(12,2)`. A table by these names is whole, or it does not compile. */
export type TypeName = PlainType | 'decimal' | 'varchar' | 'enum';

export function typeName(type: ColumnType): TypeName {
  const size = type.indexOf('(');
  return (size < 0 ? type : type.slice(0, size)) as TypeName;
}

/** How many numbers stand behind a type's name. */
const sizes: Readonly<Record<Exclude<TypeName, PlainType | 'enum'>, number>> = { varchar: 1, decimal: 2 };

/** DuckDB and Spark end at 38 digits. */
const MAX_PRECISION = 38;
const decimalPattern = /^decimal\((\d{1,2}),(\d{1,2})\)$/;
const varcharPattern = /^varchar\(([1-9]\d{0,7})\)$/;
/** PostgreSQL allows no more. */
const MAX_LENGTH = 10_485_760;
const allowedTypes = `expected one of ${plainTypes.join(', ')}, varchar(n), decimal(p,s) with p up to ${MAX_PRECISION}, or enum(schema.name)`;

export const columnTypeSchema = z
  .string({ error: allowedTypes })
  .meta({
    description:
      'How a field is read and stored. `varchar(n)` has at most n characters, and a longer text is rejected; `real` is a number of 4 bytes; `time` is a time of day without a zone, to 24:00:00; `interval` is a duration such as `P1Y2M3DT4H5M6.5S`, or as PostgreSQL prints it: two are the same if they agree in months, days and microseconds, so that `P1M` and `P30D` are a change.',
    examples: [...plainTypes, 'varchar(40)', 'decimal(12,2)', 'enum(shop.state)'],
    pattern: typePattern({ ...Object.fromEntries(plainTypes.map((type) => [type, 0])), ...sizes }),
  })
  .transform((text, context): ColumnType => {
    const type = databaseTypeText(text) ?? text.replaceAll(' ', '').toLowerCase();
    if (isColumnType(type)) return type;
    context.addIssue({ code: 'custom', message: typeComplaint(text), input: text });
    return z.NEVER;
  });

/** Why a text is no type, and what it may have meant. `more` is what else would do in its place. */
export function typeComplaint(written: unknown, more = ''): string {
  const hint = typeof written === 'string' ? typeHint(written, [...plainTypes, ...Object.keys(sizes)]) : undefined;
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
  if ((plainTypes as readonly string[]).includes(type) || databaseTypeOf(type)) return true;
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
