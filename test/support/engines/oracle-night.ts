import { oracleDiff, type Parents } from '../../../lib/core/diff/oracle.ts';
import { repeatsOf } from '../../../lib/core/diff/repeats.ts';
import type { DeliveredRecord, Row } from '../../../lib/core/diff/row.ts';
import { deliveredColumnsOf, readingSpecOf } from '../../../lib/core/feed/reading-spec.ts';
import { type Column, columnsOf, type Feed, type Table } from '../../../lib/core/feed/spec.ts';
import { formats } from '../../../lib/formats/index.ts';
import type { FileFormat } from '../../../lib/ports/file-format.ts';
import { deliveredRecords } from './delivered-records.ts';
import { type Outcome, repeatsIn } from './diff-outcome.ts';
import { fingerprintOfRows } from './fingerprint.ts';

/** Bytes by file name. */
export type Files = Readonly<Record<string, string | Buffer>>;

interface NightOfOracle {
  readonly feed: Feed;
  readonly files: Files;
  /** Production's rows, in tonight's columns. */
  readonly base: readonly Row[];
  readonly parents: Parents;
  readonly formats: readonly FileFormat[];
  /** Rules of the night before; undefined before the first one. */
  readonly lastRules: string | undefined;
}

/** What a night comes to by plain code: the same that an engine has to find. */
export async function oracleNight({ feed, files, base, parents, formats, lastRules }: NightOfOracle): Promise<{
  outcome: Outcome;
  rows: Row[];
  rules: string;
}> {
  const columns = columnsOf(feed.tables.t!);
  const reading = readingSpecOf(feed.tables.t!);
  const records: DeliveredRecord[] = [];
  const sizes: { name: string; rows: number }[] = [];
  for (const [file, name] of Object.keys(files).sort().entries()) {
    const found = await deliveredRecords(Buffer.from(files[name]!), reading, bindingOf(feed.tables.t!), formats);
    records.push(...found.map((record) => ({ ...record, file })));
    sizes.push({ name, rows: found.length });
  }
  const rules = JSON.stringify(reading.rules ?? []);
  const found = oracleDiff(columns, reading, base, records, { judgeAll: rules !== lastRules, parents });
  const before = [...found.updated.map((pair) => pair.before), ...found.gone];
  const after = [...found.updated.map((pair) => pair.after), ...found.inserted];
  const rejected: Record<string, number> = {};
  for (const code of found.rejected) rejected[code] = (rejected[code] ?? 0) + 1;
  const outcome: Outcome = {
    inserted: texts(found.inserted),
    updated: texts(found.updated.map((pair) => pair.after)),
    gone: texts(found.gone),
    carried: texts([...found.carried, ...found.suspended]),
    rejected,
    filtered: found.filtered,
    collapsed: found.collapsed,
    reverted: found.reverted,
    broken: found.broken,
    repeats: repeatsIn({ repeats: repeatsOf(found.repeats, sizes) ?? undefined }),
    suspended: found.suspended.length,
    unchanged: found.snapshot.length - found.carried.length - found.suspended.length - after.length,
    before: fingerprintOfRows(columns, before),
    after: fingerprintOfRows(columns, after),
    snapshot: fingerprintOfRows(columns, found.snapshot),
    nulls: nullsOfRows(columns, found.snapshot),
  };
  return { outcome, rows: found.snapshot, rules };
}

/** Null counts said in the plainest way. */
function nullsOfRows(columns: readonly Column[], rows: readonly Row[]): Record<string, number> {
  const counted = [...columns.keys()].filter((index) => columns[index]!.compare && !columns[index]!.key);
  return Object.fromEntries(
    counted.map((index) => [columns[index]!.name, rows.filter((row) => row[index] === null).length]),
  );
}

const bindingOf = (table: Table) => ({
  columns: deliveredColumnsOf(table),
  contract: table.contract,
  ignore: table.ignore,
});

function texts(rows: readonly Row[]): string[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}

/** Values of other tables that nothing rejects. */
export async function parentsOf(feed: Feed, others: Readonly<Record<string, { bytes: string }>>): Promise<Parents> {
  const values = new Map<string, Set<string>>();
  for (const [name, { bytes }] of Object.entries(others)) {
    const table = feed.tables[name]!;
    const columns = columnsOf(table);
    const reading = readingSpecOf(table);
    const records = await deliveredRecords(Buffer.from(bytes), reading, bindingOf(table), formats);
    const { snapshot } = oracleDiff(columns, reading, [], records);
    for (const [index, column] of columns.entries())
      values.set(`${name}.${column.name}`, new Set(snapshot.flatMap((row) => row[index] ?? [])));
  }
  return (table, column) => values.get(`${table}.${column}`)!;
}
