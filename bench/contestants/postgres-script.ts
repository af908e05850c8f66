import postgres from 'postgres';
import { quoteIdentifier, quoteLiteral } from '../../lib/core/feed/identifier.ts';
import type { Arena } from '../arena.ts';
import type { Contestant, Turn } from '../contestant.ts';
import { columns, compared, postgresColumns } from '../items.ts';

interface Prepared {
  readonly database: string;
  readonly url: string;
  readonly file: string;
}

const BASE = 'script_base';

/** What a careful person writes for psql: server-side COPY, statistics, MERGE of what differs, one transaction. */
export const mergeScript: Contestant<Prepared> = {
  name: 'merge-script',
  title: 'script: COPY to an unlogged stage, MERGE',
  group: 'night',
  isSlow: true,
  async prepare(arena, { isLast }) {
    const cluster = await arena.cluster();
    await arena.once(BASE, () => loadBase(arena));
    const database = isLast ? BASE : await cluster.copy(BASE);
    await cluster.checkpoint();
    return { database, url: cluster.url(database), file: arena.raw('next') };
  },
  async run({ url, file }, watch) {
    return withConnection(url, async (sql) => {
      watch.lap('COPY');
      await sql.unsafe(`BEGIN; CREATE UNLOGGED TABLE stage (${postgresColumns}); ${copy('stage', file)}`);
      watch.lap('ANALYZE');
      await sql.unsafe('ANALYZE stage');
      watch.lap('MERGE');
      await sql.unsafe(MERGE);
      watch.lap('commit');
      // What this transaction did so far, for nothing; the script needs no count of its own.
      const [done] = await sql.unsafe(`SELECT n_tup_ins AS inserted, n_tup_upd AS updated, n_tup_del AS gone
        FROM pg_stat_xact_user_tables WHERE relname = 'items'`);
      await sql.unsafe('DROP TABLE stage; COMMIT');
      watch.stop();
      return { counts: { inserted: Number(done!.inserted), updated: Number(done!.updated), gone: Number(done!.gone) } };
    });
  },
  finish: dropDatabase,
};

/** The least that a first load can be. */
export const copyKey: Contestant<Prepared> = {
  name: 'copy-key',
  title: 'COPY, then the primary key',
  group: 'load',
  isSlow: true,
  async prepare(arena) {
    const cluster = await arena.cluster();
    await cluster.create('copy_key');
    await cluster.checkpoint();
    return { database: 'copy_key', url: cluster.url('copy_key'), file: arena.raw('base') };
  },
  async run({ url, file }, watch) {
    return withConnection(url, async (sql) => {
      watch.lap('COPY');
      await sql.unsafe(`BEGIN; ${CREATE}`);
      const { count } = await sql.unsafe(copy('items', file));
      watch.lap('key');
      await sql.unsafe(ADD_KEY);
      watch.lap('commit');
      await sql.unsafe('COMMIT');
      watch.stop();
      return { counts: { base: count } };
    });
  },
  finish: dropDatabase,
};

const CREATE = `CREATE TABLE items (${postgresColumns})`;
const ADD_KEY = 'ALTER TABLE items ADD PRIMARY KEY (id)';

const differ = compared
  .map((name) => `t.${quoteIdentifier(name)} IS DISTINCT FROM s.${quoteIdentifier(name)}`)
  .join(' OR ');
const names = columns.map(({ name }) => quoteIdentifier(name)).join(', ');
const MERGE = `MERGE INTO items AS t USING stage AS s ON t.id = s.id
  WHEN MATCHED AND (${differ}) THEN UPDATE SET ${compared.map((name) => `${quoteIdentifier(name)} = s.${quoteIdentifier(name)}`).join(', ')}
  WHEN NOT MATCHED THEN INSERT (${names}) VALUES (${columns.map(({ name }) => `s.${quoteIdentifier(name)}`).join(', ')})
  WHEN NOT MATCHED BY SOURCE THEN DELETE`;

/** The server reads the file itself: no client in between. */
function copy(table: string, file: string): string {
  return `COPY ${table} (${names}) FROM ${quoteLiteral(file)} (FORMAT csv, HEADER)`;
}

async function loadBase(arena: Arena): Promise<void> {
  const cluster = await arena.cluster();
  await cluster.create(BASE);
  await withConnection(cluster.url(BASE), (sql) =>
    sql.unsafe(`${CREATE}; ${copy('items', arena.raw('base'))}; ${ADD_KEY}`),
  );
  await cluster.vacuum(BASE);
}

async function dropDatabase(arena: Arena, { database }: Prepared, _turn: Turn): Promise<void> {
  await (await arena.cluster()).drop(database);
  if (database === BASE) arena.forget(BASE);
}

async function withConnection<T>(url: string, work: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return await work(sql);
  } finally {
    await sql.end();
  }
}
