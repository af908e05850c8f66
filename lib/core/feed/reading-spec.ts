import { createHash } from 'node:crypto';
import { type Column, columnsOf, type Format, type Table } from './spec.ts';
import { type ValueForm, valueFormOf } from './value.ts';

/** What decides which rows some bytes mean. Snapshots keep theirs, so that an old one is read as it was meant. */
export interface ReadingSpec {
  readonly format: Format;
  readonly columns: readonly (Pick<Column, 'name' | 'key' | 'required'> & ValueForm)[];
}

export function readingSpecOf(table: Table): ReadingSpec {
  const columns = columnsOf(table).map(({ name, key, required, ...column }) => ({
    name,
    key,
    required,
    ...valueFormOf(column),
  }));
  return { format: table.format, columns };
}

/** 12 hex digits over the spec; part of every snapshot id. */
export function readingSpecHash(spec: ReadingSpec): string {
  return contentHash(spec).slice(0, 12);
}

/** SHA-256 in hex over a JSON value, the same for any order of object keys except where order means something (arrays). */
export function contentHash(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
