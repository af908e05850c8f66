import type { ReadingSpec } from '../feed/reading-spec.ts';
import { isKeyless, rowHash } from '../feed/row-identity.ts';
import { needsAllRows, referenceOf, ruleCodes } from '../feed/rules/rule.ts';
import type { Column } from '../feed/spec.ts';
import type { RejectCode } from '../records/reject.ts';
import { type ReadRow, RecordReader } from './read-record.ts';
import { countRepeats, type RepeatCounts } from './repeats.ts';
import type { DeliveredRecord, Row } from './row.ts';
import { compareVersions, isReverted, versionsOf } from './versions.ts';

export interface OracleDiff {
  readonly inserted: Row[];
  readonly updated: { readonly before: Row; readonly after: Row }[];
  readonly gone: Row[];
  readonly carried: Row[];
  readonly suspended: Row[];
  /** Reject codes in stream order. */
  readonly rejected: RejectCode[];
  /** Number of records that a filter leaves out. */
  readonly filtered: number;
  /** Number of records that are left out as older versions of their key. */
  readonly collapsed: number;
  /** Number of updated rows whose version is older than that of production's row. */
  readonly reverted: number;
  /** By name of a rule that does not reject: number of rows that break it. */
  readonly broken: Record<string, number>;
  readonly repeats: RepeatCounts;
  /** Every row of the new snapshot. */
  readonly snapshot: Row[];
}

/**
 * The diff in the plainest code. Every engine must agree with it. It holds everything in memory. `columns` are the
 * columns of the table, the first ones of the reading spec.
 */
export function oracleDiff(
  columns: readonly Column[],
  reading: ReadingSpec,
  base: readonly Row[],
  records: readonly DeliveredRecord[],
  /** What rules need to know besides tonight's rows. */
  around: { readonly judgeAll: boolean; readonly parents: Parents } = { judgeAll: false, parents: () => new Set() },
): OracleDiff {
  const keyOf = (row: Row) => JSON.stringify(row.filter((_value, index) => columns[index]?.key));
  const sameRow = (a: Row, b: Row) => columns.every((column, index) => !column.compare || a[index] === b[index]);
  const reader = new RecordReader(reading);
  const all = records.map((record) => ({ ...reader.read(record), file: record.file ?? 0 }));
  const production = new Map(base.map((row) => [keyOf(row), row]));
  const versions = judgeVersions(reading, all, { keyOf, production });
  // Copied, because duplicates get their code below.
  const read = all
    .filter((record) => !record.isFiltered && !versions.older.has(record))
    .map(({ row: all, ...found }) => ({ ...found, all, ...(all ? { row: all.slice(0, columns.length) } : {}) }));
  if (isKeyless(reading)) identify(reading, read);
  const byKey = Map.groupBy(
    read.filter((row) => row.code === undefined),
    ({ row }) => keyOf(row!),
  );
  const groups = [...byKey].map(([key, copies]) => ({
    key,
    copies,
    differ: copies.some(({ row }) => JSON.stringify(row) !== JSON.stringify(copies[0]!.row)),
  }));
  for (const { key, copies, differ } of groups) {
    const unsure =
      differ || versions.besideFiltered.has(key) ? 'DUP_KEY' : versions.behind.has(key) ? 'NEWER_REJECTED' : undefined;
    for (const copy of unsure ? copies : copies.slice(1)) copy.code = unsure ?? 'DUP_ROW';
  }
  breakSetRules(reading, read, { keyOf, production, parents: around.parents });
  const accepted = new Map(read.flatMap(({ code, row }) => (code === undefined ? [[keyOf(row!), row!] as const] : [])));
  const rejected = read.filter((row) => row.code !== undefined);
  const { carried, suspended, gone } = missingRows(read, production, keyOf);
  const pairs = [...accepted].flatMap(([key, after]) =>
    production.has(key) ? [{ before: production.get(key)!, after }] : [],
  );
  const updated = pairs.filter(({ before, after }) => !sameRow(before, after));
  const kept = read.filter(({ code }) => code === undefined);
  const isNewOrChanged = (row: Row) => {
    const before = production.get(keyOf(row));
    return before === undefined || !sameRow(before, row);
  };
  return {
    inserted: [...accepted].flatMap(([key, row]) => (production.has(key) ? [] : [row])),
    updated,
    gone,
    carried,
    suspended,
    rejected: rejected.map(({ code }) => code!),
    filtered: all.filter(({ isFiltered }) => isFiltered).length,
    collapsed: versions.older.size,
    reverted: updated.filter((pair) => isReverted(reading, pair)).length,
    repeats: countRepeats(groups),
    broken: countBroken(reading, around.judgeAll ? kept : kept.filter(({ row }) => isNewOrChanged(row!))),
    snapshot: [...accepted.values(), ...carried, ...suspended],
  };
}

/** Numbers equal rows, and makes hash and number their key. */
function identify(reading: ReadingSpec, read: readonly { code: RejectCode | undefined; row?: Row; key?: Row }[]): void {
  const copies = new Map<string, number>();
  for (const record of read) {
    if (record.code !== undefined) continue;
    const hash = rowHash(reading, record.row!);
    const copy = (copies.get(hash) ?? 0) + 1;
    copies.set(hash, copy);
    record.row = [...record.row!, hash, String(copy)];
    record.key = record.row;
  }
}

/** Where records of one key are versions: those that are left out, and keys of which no version goes in. */
function judgeVersions<R extends ReadRow>(
  { newest, columns }: ReadingSpec,
  all: readonly R[],
  { keyOf, production }: Pick<Around, 'keyOf' | 'production'>,
) {
  const [older, besideFiltered, behind] = [new Set<R>(), new Set<string>(), new Set<string>()];
  if (newest === undefined) return { older, besideFiltered, behind };
  const place = columns.findIndex(({ name }) => name === newest);
  const { type } = columns[place]!;
  const isSuspended = all.some(({ code, key }) => code !== undefined && key === undefined);
  const withKey = all.filter(({ key }) => key !== undefined);
  for (const [key, members] of Map.groupBy(withKey, (record) => keyOf(record.key!))) {
    const found = versionsOf(type, members);
    for (const record of found.older) older.add(record);
    if (found.isBesideFiltered) besideFiltered.add(key);
    const held = production.get(key)?.[place] ?? null;
    const isFallen = isSuspended && found.newest.some(({ version }) => compareVersions(type, version!, held) < 0);
    if (found.isBehindRejected || isFallen) behind.add(key);
  }
  return { older, besideFiltered, behind };
}

/** Tonight's values of a column of another table. */
export type Parents = (table: string, column: string) => ReadonlySet<string>;

type Candidate = Pick<ReadRow, 'code' | 'key' | 'broken'> & {
  row?: Row;
  all: Row | undefined;
  broken?: readonly number[];
};

type KeyOf = (row: Row) => string;

/** Rows of the base without an accepted new version, kept because a reject has their key or a key that cannot be read. */
function missingRows(read: readonly Candidate[], production: ReadonlyMap<string, Row>, keyOf: KeyOf) {
  const accepted = new Set(read.flatMap(({ code, row }) => (code === undefined ? [keyOf(row!)] : [])));
  const rejected = read.filter(({ code }) => code !== undefined);
  const rejectedKeys = new Set(rejected.flatMap(({ key }) => (key ? [keyOf(key)] : [])));
  const isSuspended = rejected.some(({ key }) => key === undefined);
  const missing = [...production].filter(([key]) => !accepted.has(key));
  const rows = (isKept: boolean) => missing.flatMap(([key, row]) => (rejectedKeys.has(key) === isKept ? [row] : []));
  return {
    carried: rows(true),
    suspended: isSuspended ? rows(false) : [],
    gone: isSuspended ? [] : rows(false),
  };
}

interface Around {
  readonly keyOf: KeyOf;
  readonly production: ReadonlyMap<string, Row>;
  readonly parents: Parents;
}

/** Checks uniqueness and references among the rows that nothing else rejects. */
function breakSetRules(
  { columns, rules = [] }: ReadingSpec,
  read: Candidate[],
  { keyOf, production, parents }: Around,
): void {
  const place = (name: string) => columns.findIndex((each) => each.name === name);
  const unrefused = read.filter(({ code }) => code === undefined);
  const own = unrefused.map(({ broken = [] }) => broken);
  const alone = rules.map((rule) => {
    if (!needsAllRows(rule)) return new Set<Candidate>();
    const names = rule.kind === 'unique' ? rule.value : [rule.column!];
    const valuesOf = ({ all }: Candidate) => names.map((name) => all![place(name)]!);
    const known = unrefused.filter((row) => valuesOf(row).every((value) => value !== null));
    if (rule.kind === 'references') {
      const { table, column } = referenceOf(rule);
      return new Set(known.filter((row) => !parents(table, column).has(valuesOf(row)[0]!)));
    }
    const alike = Map.groupBy(known, (row) => JSON.stringify(valuesOf(row)));
    return new Set([...alike.values()].filter((rows) => rows.length > 1).flat());
  });
  // A row that stays takes its unique value from a new row, which is then rejected, so that its last version stays too. Repeated until nothing changes.
  for (let found = -1; found !== sizeOf(alone); ) {
    found = sizeOf(alone);
    mark();
    const { carried, suspended } = missingRows(read, production, keyOf);
    for (const [index, rule] of rules.entries()) {
      if (rule.kind !== 'unique') continue;
      const places = rule.value.map(place);
      for (const stays of [...carried, ...suspended])
        for (const row of unrefused) {
          const isEqual = places.every(
            (at) => at < stays.length && row.all![at] !== null && row.all![at] === stays[at],
          );
          if (isEqual && keyOf(row.row!) !== keyOf(stays)) alone[index]!.add(row);
        }
    }
  }

  function mark(): void {
    for (const [nth, row] of unrefused.entries()) {
      const broken = rules.flatMap((_rule, index) => (alone[index]!.has(row) ? [index] : []));
      const rejecting = broken.find((index) => rules[index]!.on_fail === 'reject_row');
      row.broken = [...own[nth]!, ...broken];
      if (rejecting !== undefined) row.code = ruleCodes[rules[rejecting]!.kind];
    }
  }
}

function sizeOf(sets: readonly ReadonlySet<unknown>[]): number {
  return sets.reduce((sum, { size }) => sum + size, 0);
}

function countBroken({ rules = [] }: ReadingSpec, rows: readonly Candidate[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const index of rows.flatMap(({ broken = [] }) => broken)) {
    const { name } = rules[index]!;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return Object.fromEntries(counts);
}
