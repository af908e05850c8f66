import { expect } from 'vitest';
import type { IntakeFeed } from '../support/nights/intake-feed.ts';
import type { IntakeLab } from '../support/nights/intake-lab.ts';
import { type Change, type ColumnState, changed, columnNames, NARROW, type Night, startColumns } from './change.ts';
import { Model, type Row, type Rows } from './model.ts';
import { type Meaning, meant, ODD, written } from './value.ts';

type Columns = Readonly<Record<string, ColumnState>>;

/** Plays a sequence of nights by the real steps, and holds production against the model after each. */
export async function play(lab: IntakeLab, nights: readonly Night[]): Promise<void> {
  let columns: Columns = startColumns;
  let isKept = true;
  const vendor = new Map<number, Row>([
    [1, { a: 1, b: 1, c: 1, at: 1, n: 1 }],
    [2, { a: 2, b: 2, c: 2, at: 2, n: 2 }],
    [9, { a: 3, b: 3, c: 3, at: 3, n: 3 }],
  ]);
  const feed = await lab.feed(tableOf(columns, isKept), { 't.csv': fileOf(columns, vendor) }, loose);
  const model = new Model();
  const settings = new Set<string>();
  const publish = (of: Columns) => {
    const undecided = rejectedOf(of, vendor);
    model.publish({ date: feed.date, sent: vendor, undecided, ...rolesOf(of), keepsGone: isKept });
  };
  publish(columns);
  await compare(lab, feed, model, columns);
  try {
    for (const { changes, rows, engine, releases } of nights) {
      for (const [key, row] of rows) {
        if (row) vendor.set(key, row);
        // The last row stays: that all is gone is another matter.
        else if (key !== 9) vendor.delete(key);
      }
      const before = columns;
      let missing: string | undefined;
      let renamed: string | undefined;
      for (const each of changes) {
        columns = changed(columns, each);
        if (each.kind === 'on_delete') isKept = !isKept;
        if (each.kind === 'missing' && columns[each.column]!.state === 'stored') missing = each.column;
        if (each.kind === 'renamed' && isStored(before, each.column)) renamed = each.column;
        if (each.kind === 'added') await lab.sql.unsafe(each.sql.replace('$t', `${feed.feed.feed}.t`));
        if (each.kind === 'setting') settings.add(await set(lab, each));
      }
      if (renamed !== undefined && isStored(columns, renamed))
        await refusedWithout(lab, feed, renamed, tableOf(columns, isKept));
      await change(lab, feed, tableOf(columns, isKept));
      const sent =
        missing === undefined ? columns : { ...columns, [missing]: { ...columns[missing]!, state: 'absent' } as const };
      let night = await feed.night({ 't.csv': fileOf(sent, vendor) }, { engine });
      if (night.state === 'held') night = await feed.approve();
      expect(night, JSON.stringify(night.error)).toMatchObject({ error: null });
      if (night.state === 'published') publish(sent);
      await compare(lab, feed, model, columns);

      const rejected = rejectedOf(columns, vendor);
      if (!releases || night.state !== 'published' || rejected.size === 0) continue;
      columns = { ...columns, [NARROW]: { ...columns[NARROW]!, type: 'text' } };
      await change(lab, feed, tableOf(columns, isKept));
      if (missing !== undefined) {
        // They were read without it: what it should be now, nobody knows.
        await expect(lab.release(feed.feed, feed.date)).rejects.toMatchObject({ name: 'SCHEMA_MISSING' });
        continue;
      }
      const { state, error } = await lab.release(feed.feed, feed.date);
      expect({ state, error }, JSON.stringify(error)).toEqual({ state: 'published', error: null });
      const undecided = new Set([...vendor.keys(), ...model.live.keys()].filter((key) => !rejected.has(key)));
      model.publish({ date: feed.date, sent: vendor, undecided, ...rolesOf(columns), keepsGone: isKept });
      await compare(lab, feed, model, columns);
    }
  } finally {
    for (const setting of settings) await lab.sql.unsafe(`ALTER DATABASE ${await databaseOf(lab)} RESET ${setting}`);
  }
}

const isStored = (columns: Columns, name: string) => columns[name]!.state === 'stored';

/** Keys whose records cannot be read under these types. */
function rejectedOf(columns: Columns, vendor: Rows): Set<number> {
  const narrow = columns[NARROW]!.type !== 'text';
  return new Set([...vendor].filter(([, row]) => narrow && row[NARROW] === ODD).map(([key]) => key));
}

/** What the ledger says we hold is missing: refused by name, and nothing is touched. */
async function refusedWithout(
  lab: IntakeLab,
  feed: IntakeFeed,
  column: string,
  table: Record<string, unknown>,
): Promise<void> {
  const { schema } = feed.feed.target;
  await lab.sql.unsafe(`ALTER TABLE ${schema}.t RENAME ${column} TO away`);
  const message = expect.stringContaining(`column ${schema}.t.${column}`);
  await expect(feed.change(table)).rejects.toMatchObject({ name: 'TARGET_MISSING', message });
  await lab.sql.unsafe(`ALTER TABLE ${schema}.t RENAME away TO ${column}`);
}

/** Guards have tests of their own. */
const loose = {};
const guards = {
  gone: '100%',
  rejected: '100%',
  updated: '100%',
  rows: ['-100%', '+1000%'],
  min_rows: 1_000_000,
};

function tableOf(columns: Columns, isKept: boolean): Record<string, unknown> {
  const declared = Object.entries(columns).filter(([, { state }]) => state !== 'absent');
  return {
    files: 't.csv',
    guards,
    contract: { missing: 'evolve' },
    history: true,
    on_delete: isKept ? 'retain' : 'delete',
    columns: {
      id: { type: 'bigint', key: true },
      ...Object.fromEntries(
        declared.map(([name, { type, compare, state }]) => [
          name,
          { type, compare, ...(state === 'read' ? { store: false } : {}) },
        ]),
      ),
    },
  };
}

function rolesOf(columns: Columns): { stored: string[]; compared: string[] } {
  const stored = columnNames.filter((name) => columns[name]!.state === 'stored');
  return { stored, compared: stored.filter((name) => columns[name]!.compare) };
}

function fileOf(columns: Columns, vendor: Rows): string {
  const sent = Object.entries(columns).filter(([, { state }]) => state !== 'absent');
  const lines = [...vendor].map(([key, row]) =>
    [key, ...sent.map(([name, { family, type }]) => written(row[name] ?? null, family, type))].join(','),
  );
  return `${[['id', ...sent.map(([name]) => name)].join(','), ...lines].join('\n')}\n`;
}

/** The feed file's change, with the SQL that a person is asked to run. */
async function change(lab: IntakeLab, feed: IntakeFeed, table: Record<string, unknown>): Promise<void> {
  try {
    await feed.change(table);
  } catch (thrown) {
    const { name, message } = thrown as Error;
    if (name !== 'MIGRATION_NEEDED') throw thrown;
    await lab.sql.unsafe(message.slice(message.indexOf('\n') + 1));
    await feed.change(table);
  }
}

async function set(lab: IntakeLab, { setting, value }: Extract<Change, { kind: 'setting' }>): Promise<string> {
  await lab.sql.unsafe(`ALTER DATABASE ${await databaseOf(lab)} SET ${setting} = '${value}'`);
  return setting;
}

async function databaseOf({ sql }: IntakeLab): Promise<string> {
  const [row] = await sql<{ name: string }[]>`SELECT quote_ident(current_database()) AS name`;
  return row!.name;
}

/** Production, its history as of every night, and the ledger. */
async function compare(lab: IntakeLab, feed: IntakeFeed, model: Model, columns: Columns): Promise<void> {
  const schema = feed.feed.feed;
  await lab.sql.unsafe(`SET timezone = 'UTC'; SET DateStyle = 'ISO, YMD'; SET extra_float_digits = 1`);
  const present = await columnsOf(lab, schema);
  const names = columnNames.filter((name) => present.has(name));
  const select = `SELECT id::int AS id, ${names.map((name) => `${name}::text`).join(', ')}`;
  const read = async (rest: string): Promise<Rows> => {
    const rows = await lab.sql.unsafe<({ id: number } & Record<string, string | null>)[]>(
      `${select} ${rest} ORDER BY id`,
    );
    return new Map(
      [...rows].map(({ id, ...row }) => [
        id as number,
        Object.fromEntries(names.map((name) => [name, meant(row[name] as string | null, columns[name]!.family)])),
      ]),
    );
  };
  const whole = (rows: Rows): Rows =>
    new Map(
      [...rows]
        .sort(([a], [b]) => a - b)
        .map(([key, row]) => [
          key,
          Object.fromEntries(names.map((name): [string, Meaning] => [name, row[name] ?? null])),
        ]),
    );
  const live = new Map([...model.live].map(([key, { row }]) => [key, row]));
  expect(await read(`FROM ${schema}.t WHERE _gone_since IS NULL`), 'live rows').toEqual(whole(live));
  expect(await read(`FROM ${schema}.t WHERE _gone_since IS NOT NULL`), 'gone rows').toEqual(whole(model.gone));
  for (const [date, rows] of model.past) {
    const asOf = `FROM ${schema}.t_versions WHERE _valid_from <= '${date}' AND ('${date}' < _valid_to OR _valid_to IS NULL)`;
    expect(await read(asOf), `as of ${date}`).toEqual(whole(rows));
  }
  expect(await feed.isProved(), 'audit').toBe(true);
}

async function columnsOf(lab: IntakeLab, schema: string): Promise<Set<string>> {
  const rows = await lab.sql<{ name: string }[]>`
    SELECT attname AS name FROM pg_attribute WHERE attrelid = ${`${schema}.t`}::regclass AND attnum > 0 AND NOT attisdropped`;
  return new Set(rows.map(({ name }) => name));
}
