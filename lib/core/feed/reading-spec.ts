import { createHash } from 'node:crypto';
import type { Stored } from '../objects/stored.ts';
import { declaredColumnsOf } from './columns.ts';
import { isRecordText, recordTextOf } from './descriptors/format-descriptor.ts';
import type { readingColumnSchema, readingSpecSchema } from './reading-schema.ts';
import { rejectsNull, rulesOf } from './rules/rule.ts';
import type { Column, Table } from './spec/table.ts';
import { clockTableOf } from './values/spelling/clock-table.ts';
import { type ValueForm, valueFormOf } from './values/value.ts';

/** All that decides which rows some bytes mean. A snapshot keeps its reading spec, so that it is always read as it was meant. */
export type ReadingSpec = Stored<typeof readingSpecSchema>;

export type ReadingColumn = Stored<typeof readingColumnSchema>;

export function readingSpecOf(table: Table): ReadingSpec {
  const columns = declaredColumnsOf(table);
  const rules = rulesOf(table);
  return {
    format: recordTextOf(table.format),
    delivered: isRecordText(table.format) ? undefined : table.format,
    columns: [...columns.filter(isStored), ...columns.filter((column) => !isStored(column))].map((column) =>
      readingColumn(column, table),
    ),
    drop_row_when: table.drop_row_when,
    where: table.where,
    rules: rules.length > 0 ? rules : undefined,
    newest: table.collapse?.newest,
    key: table.key,
    meaning: table.meaning?.reading,
  };
}

/** The columns that a file has to have, in declared order. */
export function deliveredColumnsOf(table: Table): ReadingColumn[] {
  return declaredColumnsOf(table)
    .filter((column) => column.as === undefined)
    .map((column) => readingColumn(column, table));
}

/** The clocks as they are known today, so that the spec means the same when they are known better. */
function withClock(timezone: Column['timezone']): ValueForm['timezone'] {
  return timezone && { ...timezone, clock: clockTableOf(timezone.zone) };
}

const isStored = (column: Column) => column.store !== false;

function readingColumn({ name, type, key, as, from, may_be_absent, ...own }: Column, { clean }: Table): ReadingColumn {
  const required = own.required && rejectsNull(own);
  if (as !== undefined) return { name, type, key, required, as };
  const { trim = clean?.trim, replace = clean?.replace, nulls = clean?.nulls } = own;
  const absent = may_be_absent ? { may_be_absent } : {};
  return {
    name,
    key,
    required,
    from,
    ...absent,
    ...valueFormOf({ type, ...own, timezone: withClock(own.timezone) }),
    trim: trim || undefined,
    replace,
    nulls,
  };
}

/** 12 hex digits over the spec; part of every snapshot id. */
export function readingSpecHash(spec: ReadingSpec): string {
  return contentHash(spec).slice(0, 12);
}

/** SHA-256 in hex over a JSON value, the same for any order of object keys except where order means something (arrays). */
export function contentHash(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

/** The first 16 hex digits of it, for names of objects and for what is compared within one feed. */
export function shortHash(value: unknown): string {
  return contentHash(value).slice(0, 16);
}

export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
