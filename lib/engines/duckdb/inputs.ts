import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { quoteLiteral } from '../../core/feed/identifier.ts';
import type { ReadingSpec } from '../../core/feed/reading-spec.ts';
import { referenceOf } from '../../core/feed/rules/rule.ts';
import type { Column } from '../../core/feed/spec.ts';
import type { Structural } from '../../core/run/pull-receipt.ts';
import type { SnapshotManifest } from '../../core/run/snapshot-manifest.ts';
import { duckdb } from '../../core/sql/dialects/dialect.ts';
import { noRecords, readCsvDuckdb } from '../../core/sql/dialects/read-csv.ts';
import { baseRowsSql, carriedColumns } from '../../core/sql/plans/base-rows.ts';
import { noMalformed, readKeys } from '../../core/sql/plans/malformed-records.ts';
import { referencedName } from '../../core/sql/plans/set-rules.ts';
import type { EngineInput } from '../../ports/comparison.ts';
import type { Store } from '../../ports/store.ts';
import {
  locateIn,
  type PartFile,
  partFiles,
  readDrops,
  readStructural,
  type TablePart,
  tableParts,
  wholeParts,
} from './part-files.ts';
import type { Inputs, MalformedRecord } from './plan-inputs.ts';
import { locateInParts, recordNumberOf } from './rejects/locate-rejects.ts';
import { keyFieldsOf } from './rejects/malformed-fields.ts';

/** Inputs with all records of both sides, read from landing. */
export async function prepareInputs(store: Store, input: EngineInput, scratch: string): Promise<Inputs> {
  const { columns, base, next } = input;
  const structural = await readStructural(store, next.landed.rejects?.key);
  const nextFiles = await partFiles(store, next.landed.files, structural, next.reading, scratch, 'next');
  const { malformed, relation } = await malformedInput(store, input, structural, scratch);
  const noRows = baseRowsSql(duckdb, columns, next.reading, `(${noRecords(next.reading, duckdb)})`, null);
  return {
    next: nextFiles,
    matched: 0,
    filteredBase: null,
    files: () => wholeParts(next.landed.files),
    locate: (values) => locateInParts(store, input, malformed, values),
    recordNumber: (place) => recordNumberOf(store, input, place),
    relations: [
      ['next_records', recordsOf(nextFiles, next.reading)],
      ['next_malformed', relation],
      ['base_rows', base ? await snapshotRows(store, base, columns, scratch) : noRows],
      ...(await referenced(store, { reading: next.reading, parents: input.parents }, scratch)),
    ],
  };
}

/** For each rule that references another table, the values in that table's snapshot. */
export async function referenced(
  store: Store,
  { reading, parents = {} }: { readonly reading: ReadingSpec; readonly parents: EngineInput['parents'] },
  scratch: string,
) {
  const relations: [name: string, select: string][] = [];
  for (const [index, rule] of (reading.rules ?? []).entries()) {
    if (rule.kind !== 'references') continue;
    const { table, column } = referenceOf(rule);
    const { snapshot, columns } = parents[table]!;
    const folder = join(scratch, `parent-${index}`);
    await mkdir(folder);
    const rows = await snapshotRows(store, snapshot, columns, folder);
    const c = `c${columns.findIndex(({ name }) => name === column)}`;
    relations.push([referencedName(index), `SELECT DISTINCT ${c} AS v FROM (${rows}) rows WHERE ${c} IS NOT NULL`]);
  }
  return relations;
}

/** The rows of a snapshot, read under the snapshot's own reading spec, with these columns. */
export async function snapshotRows(
  store: Store,
  snapshot: SnapshotManifest,
  columns: readonly Column[],
  scratch: string,
): Promise<string> {
  const files = await partFiles(
    store,
    snapshot.files,
    await readDrops(store, snapshot.drops?.key),
    snapshot.reading,
    scratch,
    'base',
  );
  return typedRows(store, snapshot, columns, files, scratch);
}

/** The rows of some records of a snapshot, and all its carried rows. */
export async function typedRows(
  store: Store,
  { reading, carried }: SnapshotManifest,
  columns: readonly Column[],
  files: readonly PartFile[],
  scratch: string,
): Promise<string> {
  const kept = carried && {
    relation: `read_parquet(${quoteLiteral(await store.localPath(carried.key, scratch))})`,
    names: carriedColumns({ reading, carried }),
  };
  return baseRowsSql(duckdb, columns, reading, `(${recordsOf(files, reading)})`, kept);
}

export function recordsOf(files: readonly PartFile[], reading: ReadingSpec): string {
  if (files.length === 0) return noRecords(reading, duckdb);
  return files
    .map((file) => `SELECT CAST(${file.index} AS BIGINT) AS part, * FROM (${readCsvDuckdb(file, reading)})`)
    .join('\nUNION ALL ');
}

/** Malformed records by part, with their bytes, and the relation through which the plan reads them. */
export async function malformedInput(
  store: Store,
  { next }: EngineInput,
  structural: Map<number, Structural[]>,
  scratch: string,
) {
  const parts = tableParts(next.landed.files);
  const malformed = await malformedRecords(store, parts, next.reading, structural);
  const path = join(scratch, 'malformed.ndjson');
  await writeFile(
    path,
    [...malformed.values()]
      .flat()
      .map((record) => malformedLine(record, next.reading, parts[record.part]!.header))
      .join(''),
  );
  const any = malformed.size > 0;
  return {
    malformed,
    path: any ? path : null,
    relation: any ? malformedSql(path, next.reading) : noMalformed(next.reading, duckdb),
  };
}

async function malformedRecords(
  store: Store,
  parts: readonly TablePart[],
  reading: ReadingSpec,
  structural: Map<number, Structural[]>,
): Promise<Map<number, MalformedRecord[]>> {
  const malformed = new Map<number, MalformedRecord[]>();
  for (const [index, rejects] of structural) {
    const found: MalformedRecord[] = [];
    const indexes = rejects.map((reject) => reject.index);
    for await (const { bytes } of locateIn(store, parts[index]!, reading, indexes))
      found.push({ ...rejects[found.length]!, bytes: Buffer.from(bytes) });
    malformed.set(index, found);
  }
  return malformed;
}

/** A malformed record as the plan reads it: its key as text, where the key can be read. */
export function malformedLine(
  record: Pick<MalformedRecord, 'part' | 'code' | 'bytes'>,
  reading: ReadingSpec,
  header: readonly string[],
): string {
  const found = keyFieldsOf(record, reading, header);
  const keys = [...(found ?? [])].map(([index, text]) => [`r${index}`, text] as const);
  const { part, code } = record;
  return `${JSON.stringify({ part, code, readable: found !== null, ...Object.fromEntries(keys) })}\n`;
}

export function malformedSql(path: string, reading: ReadingSpec): string {
  const keys = readKeys(reading);
  const types = ["part: 'BIGINT'", "code: 'VARCHAR'", "readable: 'BOOLEAN'", ...keys.map((key) => `${key}: 'VARCHAR'`)];
  return `SELECT part, CAST(NULL AS BIGINT) AS ord, code, ${['readable', ...keys].join(', ')} FROM read_json(${quoteLiteral(path)}, format = 'newline_delimited', columns = {${types.join(', ')}})`;
}
