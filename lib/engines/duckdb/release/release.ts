import { join } from 'node:path';
import { NightfeedError } from '../../../core/errors.ts';
import { quoteLiteral } from '../../../core/feed/identifier.ts';
import type { RejectCode } from '../../../core/records/reject.ts';
import { duckdb } from '../../../core/sql/dialects/dialect.ts';
import { carriedColumns, carriedRowsSql } from '../../../core/sql/plans/base-rows.ts';
import { noMalformed } from '../../../core/sql/plans/malformed-records.ts';
import { releasePlan, type Undecided } from '../../../core/sql/plans/release-plan.ts';
import type { EngineRelease, Published, ReleaseInput } from '../../../ports/quarantine.ts';
import type { Store } from '../../../ports/store.ts';
import { malformedSql, recordsOf, referenced, snapshotRows } from '../inputs.ts';
import { needsWhole } from '../join-rows.ts';
import { takeSamples } from '../samples.ts';
import { type DuckDbSession, PARQUET } from '../session.ts';
import { sumUp } from '../sums.ts';
import { fetchWaiting } from './waiting-records.ts';

/** Reads quarantined records again under today's reading spec, and compares the good ones with the base. */
export async function releaseRows(
  session: DuckDbSession,
  store: Store,
  input: ReleaseInput,
  folder: string,
): Promise<EngineRelease> {
  checkColumns(input);
  checkRules(input);
  const { columns, reading, base } = input;
  const local = new LocalObjects(store, folder);
  const plan = releasePlan(duckdb, {
    columns,
    spec: reading,
    since: await Promise.all(input.since.map((each) => undecidedIn(each, input, local))),
    whole: needsWhole(input),
  });
  const table = (name: string, select: string) => session.run(`CREATE TABLE ${name} AS ${select}`);
  await table(
    'waiting',
    `SELECT file_row_number AS ord, ${input.code === null ? 'true' : `code = ${quoteLiteral(input.code)}`} AS selected,
  * EXCLUDE (file_row_number) FROM read_parquet(${quoteLiteral(await local.path(input.rejects))}, file_row_number = true)`,
  );
  const ordered = join(folder, 'waiting.ndjson');
  const inOrder = 'SELECT ord, object, "offset", "length", code FROM waiting ORDER BY object, "offset"';
  await session.write([{ select: inOrder, path: ordered, format: 'FORMAT json' }]);
  const waiting = await fetchWaiting(store, input, ordered, folder);
  await table(
    'places',
    `SELECT p.*, w.selected FROM ${ndjson(waiting.places, 'part', 'ord', 'waiting')} p JOIN waiting w ON w.ord = p.waiting`,
  );
  await table(
    'still_malformed',
    `SELECT m.waiting, m.code FROM ${ndjson(waiting.malformed, 'waiting', 'code')} m JOIN waiting w ON w.ord = m.waiting WHERE w.selected`,
  );
  await session.run(`CREATE VIEW base_rows AS ${await snapshotRows(store, base, columns, folder)}`);
  for (const [name, select] of await referenced(store, input, folder)) await table(name, select);
  await session.run(`CREATE VIEW next_records AS ${recordsOf(waiting.files, reading)}`);
  // The newest version of a key may be among the records that are malformed still.
  const malformed =
    reading.newest === undefined ? noMalformed(reading, duckdb) : malformedSql(waiting.malformedKeys, reading);
  await session.run(`CREATE VIEW next_malformed AS ${malformed}`);
  for (const { kind, name, select } of plan.reading) await session.run(`CREATE ${kind} ${name} AS ${select}`);
  await checkReading(
    session,
    waiting.files.reduce((sum, { rows }) => sum + rows, 0),
  );
  await session.run(`CREATE VIEW carried_rows AS ${await carriedRows(input, local)}`);
  for (const { kind, name, select } of plan.steps) await session.run(`CREATE ${kind} ${name} AS ${select}`);
  return outcome(session, input, plan, folder);
}

async function outcome(
  session: DuckDbSession,
  input: ReleaseInput,
  plan: ReturnType<typeof releasePlan>,
  folder: string,
): Promise<EngineRelease> {
  const { numbers, ...sums } = await sumUp(session, input, plan);
  const number = (name: string) => Number(numbers[name]);
  const [records, inserted, updated, newer] = ['records', 'inserted', 'updated', 'newer'].map(number) as [
    number,
    number,
    number,
    number,
  ];
  // A release may only replace a carried row of the base. A record of the base's delivery cannot be replaced: it would stay in the base.
  if (number('carried_before') - number('carried_stay') !== updated)
    throw new NightfeedError(
      'ENGINE_DISAGREES',
      `${updated} rows are to be replaced, and the base does not carry them`,
    );
  const rejected = await countByCode(session, 'reasons');
  const waiting = await countByCode(session, 'staying');
  const carried = number('carried_stay') + inserted + updated;
  const files: Record<string, string> = {};
  const sizes = { inserted, updated, carried, rejects: total(waiting) };
  for (const [name, select] of Object.entries(plan.outputs) as [keyof typeof sizes, string][]) {
    if (sizes[name] === 0) continue;
    files[name] = join(folder, `released-${name}.parquet`);
    await session.write([{ select, path: files[name], format: PARQUET }]);
  }
  return {
    records,
    released: inserted + updated,
    inserted,
    updated,
    newer,
    there: records - inserted - updated - newer - total(rejected),
    rejected,
    waiting,
    carried,
    ...sums,
    samples: await takeSamples(session, input, plan, sums),
    files,
  };
}

type Counts = Partial<Record<RejectCode, number>>;

async function countByCode(session: DuckDbSession, table: string): Promise<Counts> {
  const rows = await session.run(`SELECT code, count(*) AS n FROM ${table} GROUP BY code ORDER BY code`);
  return Object.fromEntries(rows.map(({ code, n }) => [code, Number(n)]));
}

const total = (counts: Counts) => Object.values(counts).reduce((sum, count) => sum + count, 0);

/** Objects as local files, fetched once. */
class LocalObjects {
  readonly #store: Store;
  readonly #folder: string;
  readonly #paths = new Map<string, Promise<string>>();

  constructor(store: Store, folder: string) {
    this.#store = store;
    this.#folder = folder;
  }

  path(key: string): Promise<string> {
    const known = this.#paths.get(key) ?? this.#store.localPath(key, this.#folder);
    this.#paths.set(key, known);
    return known;
  }

  async parquet(key: string): Promise<string> {
    return `read_parquet(${quoteLiteral(await this.path(key))})`;
  }
}

async function undecidedIn(published: Published, { columns }: ReleaseInput, local: LocalObjects): Promise<Undecided> {
  // Keys that had another type are left out, because they cannot equal today's keys.
  const keys = columns
    .flatMap(({ name, type, key }, index) =>
      key ? [`${duckdb.tryCast(`"${name.replaceAll('"', '""')}"`, type)} AS c${index}`] : [],
    )
    .join(', ');
  const typedKeys = async (object: string) => `(SELECT ${keys} FROM ${await local.parquet(object)})`;
  if (published.kind === 'release')
    return { kind: 'release', changed: await Promise.all(published.changed.map(typedKeys)) };
  const { carried, rejects } = published;
  return {
    kind: 'night',
    kept: carried === null ? null : await typedKeys(carried),
    // DUP_ROW rejects are left out, because the first of the equal records was accepted.
    rejected: rejects === null ? null : `(SELECT key FROM ${await local.parquet(rejects)} WHERE code <> 'DUP_ROW')`,
  };
}

async function carriedRows({ base, columns }: ReleaseInput, local: LocalObjects): Promise<string> {
  const { carried, reading } = base;
  const rows = carried
    ? { relation: await local.parquet(carried.key), names: carriedColumns({ reading, carried }) }
    : { relation: '(SELECT 1 WHERE false) nothing', names: [] };
  return carriedRowsSql(duckdb, columns, rows);
}

function ndjson(path: string, ...names: ('part' | 'ord' | 'waiting' | 'code')[]): string {
  const columns = names.map((name) => `${name}: '${name === 'code' ? 'VARCHAR' : 'BIGINT'}'`);
  return `read_json(${quoteLiteral(path)}, format = 'newline_delimited', columns = {${columns.join(', ')}})`;
}

/** Where files are read again, their format binds the columns. */
function checkColumns({ table, reading, files, again }: ReleaseInput): void {
  if (again) return;
  const wanted = reading.columns.filter(({ as }) => as === undefined);
  for (const { header } of files) {
    const missing = wanted.filter(({ name }) => !header.includes(name)).map(({ name }) => name);
    if (missing.length === 0) continue;
    throw new NightfeedError(
      'SCHEMA_MISSING',
      `${table}: the delivery that was rejected has no column ${missing.join(', ')}`,
    );
  }
}

/** Refuses `unique` on columns that are not stored: rows in production do not have their values. */
function checkRules({ table, columns, reading }: ReleaseInput): void {
  for (const { name, kind, value } of reading.rules ?? []) {
    const unstored = kind === 'unique' ? value.filter((each) => !columns.some((column) => column.name === each)) : [];
    if (unstored.length === 0) continue;
    throw new NightfeedError(
      'USAGE',
      `${table}: ${JSON.stringify(name)} wants ${unstored.join(', ')} to be unique, which the table does not store`,
      { hint: 'The next delivery has all rows, and brings those that are good by then.' },
    );
  }
}

async function checkReading(session: DuckDbSession, expected: number): Promise<void> {
  const [found] = await session.run('SELECT count(*) AS n FROM next_rows');
  if (Number(found!.n) === expected) return;
  throw new NightfeedError('ENGINE_DISAGREES', `${expected} records are well-formed, DuckDB read ${found!.n}`);
}
