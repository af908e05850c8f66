import { type ArrayItems, arrayItems } from './array-items.ts';
import type { Value } from './bad-value.ts';
import { type ArrayType, type ColumnType, elementOf } from './column-type.ts';

/** The feed file's option of a column explains it. */
export interface ArrayOptions {
  readonly separator?: string | undefined;
}

export interface ArrayForm extends ArrayOptions {
  readonly type: ArrayType;
}

/**
 * The text that PostgreSQL prints of an array, so that two arrays are equal here when they are equal there: order counts, and null, an empty
 * text and no element at all are three things. `Array` of glue-jobs/diff.py says the same for Spark, and DuckDB calls this function.
 */
export function parseArray({ type, separator }: ArrayForm, raw: string, parse: ElementParser): Value {
  const items = arrayItems(raw, separator);
  if (items === null) return { code: 'FORMAT' };
  const element = elementOf(type);
  const printed: string[] = [];
  for (const item of items) {
    const value = item === null ? nothing : parseItem(element, item, parse);
    if (value.code) return value;
    printed.push(value.text!);
  }
  return { text: `{${printed.join(',')}}` };
}

/** Reads one element as a field of its type; it is the caller's, who reads arrays too. */
type ElementParser = (type: ColumnType, raw: string) => Value;

const nothing: Value = { text: 'NULL' };

/** JSON can say what no text of PostgreSQL holds: a NUL, and half of a surrogate pair. */
function parseItem(type: ColumnType, item: NonNullable<ArrayItems[number]>, parse: ElementParser): Value {
  if (item.includes('\0')) return { code: 'NUL_BYTE' };
  if (!item.isWellFormed()) return { code: 'FORMAT' };
  const { code, text } = parse(type, item);
  if (code) return { code };
  return { text: printed(type === 'boolean' ? text!.slice(0, 1) : text!) };
}

/** In quotes where it would be read as something else without them. PostgreSQL's blanks are fewer than those of JavaScript. */
function printed(text: string): string {
  const isPlain = text !== '' && !/["\\{}, \t\n\v\f\r]/.test(text) && !/^null$/i.test(text);
  return isPlain ? text : `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}
