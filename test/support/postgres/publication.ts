import { Readable } from 'node:stream';
import type { Row } from '../../../lib/core/diff/row.ts';
import { evaluate } from '../../../lib/core/expression/evaluate.ts';
import { scalarOf } from '../../../lib/core/expression/scalar.ts';
import { readingSpecOf } from '../../../lib/core/feed/reading-spec.ts';
import { retainCondition } from '../../../lib/core/feed/rules/retain-condition.ts';
import { noSchemaChange } from '../../../lib/core/feed/schema-change.ts';
import { type Column, columnsOf, type Feed, type Table } from '../../../lib/core/feed/spec.ts';
import { parseValue } from '../../../lib/core/feed/values/value.ts';
import type { ChangeKind, TableDiff, TargetObject } from '../../../lib/core/run/diff-receipt.ts';
import type { RunId } from '../../../lib/core/run/keys.ts';
import { runMessage } from '../../../lib/core/run/message.ts';
import type { SnapshotManifest } from '../../../lib/core/run/snapshot-manifest.ts';
import type { Publication } from '../../../lib/ports/target.ts';
import { fingerprintOfRows } from '../engines/fingerprint.ts';

/** A table's rows before and after a night, fields as the vendor writes them, null for null. */
export interface Step {
  readonly base: readonly Row[];
  readonly next: readonly Row[];
}

interface Parts {
  readonly feed: Feed;
  readonly run: RunId;
  readonly fence: number;
  /** Delivery that `base` came with. */
  readonly base: string | null;
  readonly delivery: string;
  readonly tables: Readonly<Record<string, Step>>;
  readonly objects?: readonly TargetObject[];
}

/** What diff hands to publish, computed in the plainest way. */
export function publicationOf({ feed, run, fence, base, delivery, tables, objects = [] }: Parts): Publication {
  const changes = Object.fromEntries(
    Object.entries(tables).map(([name, step]) => [name, changesOf(columnsOf(feed.tables[name]!), step)]),
  );
  const changeSet = `changes-${delivery}`;
  return {
    run,
    fence,
    feed,
    changeSet,
    receipt: {
      base,
      delivery,
      objects,
      tables: Object.fromEntries(
        Object.entries(changes).map(([name, { diff }]) => [name, { ...diff, snapshot: `${name}-${delivery}` }]),
      ),
    },
    snapshots: Object.fromEntries(
      Object.keys(tables).map((name) => [name, manifestOf(feed, name, tables[name]!, delivery)]),
    ),
    rows: (table, kind) => {
      const { rows } = changes[table]!;
      const staged = kind === 'retained' ? retained(feed.tables[table]!, rows.gone) : rows[kind];
      return Readable.from([copyText(columnsOf(feed.tables[table]!), staged)]);
    },
    message: (written) => runMessage({ run, state: 'published', changeSet, tables: written }),
  };
}

/** Of the rows that are gone, those that stay. */
function retained(table: Table, gone: readonly Row[]): Row[] {
  const columns = columnsOf(table);
  const condition = retainCondition(table)!;
  const valueIn = (row: Row) => (name: string) => {
    const index = columns.findIndex((column) => column.name === name);
    return scalarOf(columns[index]!.type, canonical(columns[index]!, row[index]!));
  };
  return gone.filter((row) => evaluate(condition, valueIn(row)) === true);
}

/** PostgreSQL's COPY text: tab, newline, \N, and a backslash before what would mean something. */
function copyText(columns: readonly Column[], rows: readonly Row[]): string {
  const escapes: Record<string, string> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
  const field = (text: string | null, { type }: Column) =>
    text === null
      ? '\\N'
      : (/^(real|double)$/.test(type) ? text : canonical({ type }, text)!).replace(
          /[\\\t\n\r]/g,
          (character) => escapes[character]!,
        );
  return rows.map((row) => `${row.map((text, index) => field(text, columns[index]!)).join('\t')}\n`).join('');
}

/** Rows in canonical text, which is what fingerprints and comparisons are over. */
function canonicalRows(columns: readonly Column[], rows: readonly Row[]): Row[] {
  return rows.map((row) => row.map((text, index) => canonical(columns[index]!, text)));
}

function canonical({ type }: Pick<Column, 'type'>, text: string | null): string | null {
  if (text === null) return null;
  const value = parseValue({ type }, text);
  if (value.code) throw new Error(`${JSON.stringify(text)} is no ${type}: ${value.code}`);
  return value.text;
}

function changesOf(
  columns: readonly Column[],
  { base, next }: Step,
): { diff: TableDiff; rows: Record<ChangeKind, Row[]> } {
  const part = (row: Row, which: (column: Column) => boolean) =>
    JSON.stringify(canonicalRows(columns, [row])[0]!.filter((_text, index) => which(columns[index]!)));
  const keyOf = (row: Row) => part(row, (column) => column.key);
  const compared = (row: Row) => part(row, (column) => column.compare);
  const old = new Map(base.map((row) => [keyOf(row), row]));
  const kept = new Set(next.map(keyOf));
  const isUpdate = (row: Row) => old.has(keyOf(row)) && compared(old.get(keyOf(row))!) !== compared(row);
  const rows = {
    inserted: next.filter((row) => !old.has(keyOf(row))),
    updated: next.filter(isUpdate),
    gone: base.filter((row) => !kept.has(keyOf(row))),
  };
  const replaced = rows.updated.map((row) => old.get(keyOf(row))!);
  const fingerprint = (some: readonly Row[]) => fingerprintOfRows(columns, canonicalRows(columns, some));
  const diff: TableDiff = {
    engine: 'test',
    reason: 'test',
    rows: next.length,
    accepted: next.length,
    rejected: {},
    filtered: 0,
    broken: {},
    base: base.length,
    inserted: rows.inserted.length,
    updated: rows.updated.length,
    gone: rows.gone.length,
    unchanged: next.length - rows.inserted.length - rows.updated.length,
    suspended: 0,
    carried: 0,
    bytes: { base: 0, next: 0 },
    nulls: {},
    samples: 'test',
    before: fingerprint([...replaced, ...rows.gone]),
    after: fingerprint([...rows.updated, ...rows.inserted]),
    changes: {},
    rejects: null,
    snapshot: 'test',
    schema: noSchemaChange,
  };
  return { diff, rows };
}

function manifestOf(feed: Feed, table: string, { next }: Step, delivery: string): SnapshotManifest {
  const columns = columnsOf(feed.tables[table]!);
  return {
    id: `${table}-${delivery}`,
    table,
    reading: readingSpecOf(feed.tables[table]!),
    compared: columns.filter((column) => column.compare).map((column) => column.name),
    files: [],
    drops: null,
    carried: null,
    fingerprint: fingerprintOfRows(columns, canonicalRows(columns, next)),
  };
}
