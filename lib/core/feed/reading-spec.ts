import { createHash } from 'node:crypto';
import type { Meaning } from '../expression/meaning.ts';
import type { RecordText } from '../records/record-text.ts';
import { declaredColumnsOf } from './columns.ts';
import { type FeedFormat, isRecordText, recordTextOf } from './format-descriptor.ts';
import { type Rule, rejectsNull, rulesOf } from './rules/rule.ts';
import type { Column, Table } from './spec/table.ts';
import { type ValueForm, valueFormOf } from './values/value.ts';

/** All that decides which rows some bytes mean. A snapshot keeps its reading spec, so that it is always read as it was meant. */
export interface ReadingSpec {
  /** How the records stand in landing. */
  readonly format: RecordText;
  /** The format of the files, where it is another; absent where they are record text already. */
  readonly delivered?: FeedFormat | undefined;
  /** The columns of the table, then those that are only read. */
  readonly columns: readonly ReadingColumn[];
  /** Conditions as the feed file writes them. */
  readonly drop_row_when?: readonly string[] | undefined;
  readonly where?: string | undefined;
  readonly rules?: readonly Rule[] | undefined;
  /** Version of the meaning of its expressions; absent for the first one. */
  readonly meaning?: Meaning | undefined;
}

export type ReadingColumn = Pick<Column, 'name' | 'key' | 'required' | 'trim' | 'replace' | 'nulls' | 'as'> & ValueForm;

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
    meaning: table.meaning?.reading,
  };
}

/** The columns that a file has to have, in declared order. */
export function deliveredColumnsOf(table: Table): ReadingColumn[] {
  return declaredColumnsOf(table)
    .filter((column) => column.as === undefined)
    .map((column) => readingColumn(column, table));
}

const isStored = (column: Column) => column.store !== false;

function readingColumn({ name, type, key, as, ...own }: Column, { clean }: Table): ReadingColumn {
  const required = own.required && rejectsNull(own);
  if (as !== undefined) return { name, type, key, required, as };
  const { trim = clean?.trim, replace = clean?.replace, nulls = clean?.nulls } = own;
  return { name, key, required, ...valueFormOf({ type, ...own }), trim: trim || undefined, replace, nulls };
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
