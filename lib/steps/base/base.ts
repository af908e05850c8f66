import { sameFingerprint, showFingerprint } from '../../core/diff/fingerprint.ts';
import { entryOf } from '../../core/entry-of.ts';
import { asNightfeedError, NightfeedError } from '../../core/errors.ts';
import { readingSpecOf } from '../../core/feed/reading-spec.ts';
import { uncomparedText } from '../../core/feed/spec/column.ts';
import { type Column, columnsOf, type Feed } from '../../core/feed/spec.ts';
import { type AppliedTable, type ComparedColumn, changeOfMeaning } from '../../core/run/applied-table.ts';
import { keys, type RunId, runName } from '../../core/run/keys.ts';
import type { SnapshotManifest } from '../../core/run/snapshot-manifest.ts';
import { postgresType } from '../../core/sql/dialects/postgres.ts';
import type { ImportedRows } from '../../ports/comparison.ts';
import type { Applied } from '../../ports/ledger/applied.ts';
import type { Ports, Using } from '../../ports/ports.ts';
import type { StandingTable } from '../../ports/target.ts';
import { type LostSnapshot, type ReadBackReason, wordsOf } from './read-back-reason.ts';
import { checkSnapshot, isLost, manifestOf, readSnapshotManifest } from './snapshot.ts';

/** The request, and the prefix for rows that are read back. */
export interface BaseRequest {
  readonly feed: Feed;
  readonly run: RunId;
  readonly attempt: string;
}

/** What ledger and database know of a table. */
export interface Production {
  readonly held: AppliedTable | undefined;
  readonly standing: StandingTable;
}

export type BasePorts = Pick<Ports, 'store' | 'say'> & Using<'engine', 'importRows'> & Using<'target', 'liveRows'>;

export function productionOf(
  applied: Applied | null,
  standing: Readonly<Record<string, StandingTable>>,
): (table: string) => Production {
  return (table) => ({ held: entryOf(applied?.tables, table), standing: standing[table]! });
}

/** The snapshot in the lake, or what was read back from production; `why` is for people. */
export type Base =
  | { readonly from: 'lake'; readonly snapshot: SnapshotManifest }
  | { readonly from: 'production'; readonly snapshot: SnapshotManifest; readonly why: string };

/**
 * The base of a table; null when the table is empty and the ledger does not know it. As long as ledger, snapshot and tonight's table agree
 * in columns, types and reading, it is the snapshot in the lake. Otherwise only production can tell what it holds.
 */
export async function baseOf(
  request: BaseRequest,
  table: string,
  production: Production,
  ports: BasePorts,
): Promise<Base | null> {
  const { held, standing } = production;
  const schema = request.feed.target.schema;
  if (!held || held.schema !== schema) {
    if (!standing.filled) return null;
    const reason = held ? ({ kind: 'schema', held: held.schema } as const) : ({ kind: 'not in the ledger' } as const);
    return readBack(request, table, production, { reason }, ports);
  }
  if (!standing.filled && held.fingerprint.rows > 0) {
    const message = `${schema}.${table} has no rows, where the ledger says ${showFingerprint(held.fingerprint)}`;
    throw new NightfeedError('DRIFT', message);
  }
  const found = await findSnapshot(held.snapshot, ports);
  if (found.kind === 'lost') return readBack(request, table, production, { reason: found }, ports);
  const { snapshot } = found;
  const reason = changeOfMeaning(held, snapshot, { schema, table: request.feed.tables[table]! });
  if (reason === null) return { from: 'lake', snapshot };
  return readBack(request, table, production, { reason, before: snapshot }, ports);
}

/** The base after objects of the snapshot turned out to be missing or damaged. */
export function rebuiltBase(
  request: BaseRequest,
  table: string,
  production: Production,
  lost: LostSnapshot,
  ports: BasePorts,
): Promise<Base> {
  return readBack(request, table, production, { reason: lost }, ports);
}

/** A snapshot whose objects are checked, or why the lake has it no more. */
export async function findSnapshot(
  key: string,
  ports: Pick<Ports, 'store'>,
): Promise<{ readonly kind: 'found'; readonly snapshot: SnapshotManifest } | LostSnapshot> {
  try {
    const snapshot = await readSnapshotManifest(ports, key);
    await checkSnapshot(ports, snapshot);
    return { kind: 'found', snapshot };
  } catch (thrown) {
    if (!isLost(thrown)) throw thrown;
    return { kind: 'lost', what: asNightfeedError(thrown).message };
  }
}

/**
 * Production's live rows as a snapshot with tonight's columns. While the table still has the columns of the ledger's fingerprint, the rows
 * have to agree with it; if they do not, no change set can be built: DRIFT. Without these columns they are taken as they are.
 */
async function readBack(
  { feed, run, attempt }: BaseRequest,
  table: string,
  { held, standing }: Production,
  { reason, before }: { readonly reason: ReadBackReason; readonly before?: SnapshotManifest },
  ports: BasePorts,
): Promise<Base> {
  const why = wordsOf(reason);
  ports.say(`${table}: ${why}; the base is read back from production`);
  const proof = held && isStillThere(held, feed, standing) ? held.columns : null;
  const columns = columnsOf(feed.tables[table]!);
  const all = [...columns, ...besides(columns, proof ?? [])];
  const rows = ports.target.liveRows(feed, table, all);
  return ports.engine.importRows(rows, { columns: all, proof }, async (imported) => {
    if (proof && !sameFingerprint(imported.proof!, held!.fingerprint)) {
      const [found, said] = [showFingerprint(imported.proof!), showFingerprint(held!.fingerprint)];
      throw new NightfeedError('DRIFT', `${table}: ${why}; the live rows are ${found}, where the ledger says ${said}`);
    }
    const key = keys.snapshot(run, attempt, table, 'base.parquet');
    if (imported.fingerprint.rows > 0) await ports.store.writeFile(key, imported.path);
    const snapshot = liveSnapshot(
      { feed, table, key, id: before?.id ?? `${runName(run)}+rebuilt`, columns: all },
      imported,
    );
    // These are the rules that the rows were last checked under. When tonight's differ, all rows are checked again.
    const reading = { ...snapshot.reading, rules: before?.reading.rules };
    const unproved = proof || !held ? '' : '; the old columns are gone, so its rows are taken as they are';
    return { from: 'production', snapshot: { ...snapshot, reading }, why: `${why}${unproved}` };
  });
}

/** Whether the table still has the columns of the ledger's fingerprint. */
function isStillThere({ schema, columns }: AppliedTable, feed: Feed, standing: StandingTable): boolean {
  const present = (column: ComparedColumn) =>
    standing.columns.some(({ name, type }) => name === column.name && type === postgresType(column.type));
  return schema === feed.target.schema && columns.every(present);
}

function besides(columns: readonly Column[], more: readonly ComparedColumn[]): Column[] {
  return more
    .filter(({ name }) => !columns.some((column) => column.name === name))
    .map((column) => ({ ...uncomparedText, ...column }));
}

/** A snapshot that has only carried rows, all exported from production. */
export function liveSnapshot(
  {
    feed,
    table,
    key,
    id,
    columns,
  }: { feed: Feed; table: string; key: string; id: string; columns?: readonly Column[] },
  { fingerprint, nulls }: Pick<ImportedRows, 'fingerprint' | 'nulls'>,
): SnapshotManifest {
  const spec = feed.tables[table]!;
  const read = columns ? { columns: columns.map(({ name }) => name) } : {};
  return manifestOf(table, columnsOf(spec), {
    id,
    reading: readingSpecOf(spec),
    files: [],
    drops: null,
    carried: fingerprint.rows > 0 ? { key, count: fingerprint.rows, ...read } : null,
    fingerprint,
    nulls,
  });
}
