import { join } from 'node:path';
import { quoteIdentifier, quoteLiteral } from '../../lib/core/feed/identifier.ts';
import { duckdb } from '../../lib/core/sql/dialects/dialect.ts';
import type { Arena, Side } from '../arena.ts';
import type { Contestant } from '../contestant.ts';
import { columns, compared } from '../items.ts';
import { engineLimits } from '../limits.ts';

interface Prepared {
  readonly base: string;
  readonly next: string;
  readonly spill: string;
}

export const duckdbCsv = typedJoin({ name: 'duckdb-csv', title: 'DuckDB full outer join, CSV' }, async (arena) => ({
  base: readCsv(arena.raw('base')),
  next: readCsv(arena.raw('next')),
}));

/** The Parquet files are there already, as if the vendor had sent such. */
export const duckdbParquet = typedJoin(
  { name: 'duckdb-parquet', title: 'DuckDB full outer join, Parquet' },
  async (arena) => ({
    base: await arena.once('base.parquet', () => writeParquet(arena, 'base')),
    next: await arena.once('next.parquet', () => writeParquet(arena, 'next')),
  }),
);

function typedJoin(
  labels: { name: string; title: string },
  relations: (arena: Arena) => Promise<Record<Side, string>>,
): Contestant<Prepared> {
  return {
    ...labels,
    group: 'diff',
    isSlow: true,
    prepare: async (arena) => ({ ...(await relations(arena)), spill: arena.scratch }),
    async run({ base, next, spill }, watch) {
      watch.lap('join');
      const connection = await open(spill);
      const differ = compared
        .map((name) => `n.${quoteIdentifier(name)} IS DISTINCT FROM b.${quoteIdentifier(name)}`)
        .join(' OR ');
      const found = await connection.runAndReadAll(`
        SELECT count(*) FILTER (b.id IS NULL) AS inserted, count(*) FILTER (n.id IS NULL) AS gone,
          count(*) FILTER (n.id IS NOT NULL AND b.id IS NOT NULL AND (${differ})) AS updated
        FROM ${next} n FULL OUTER JOIN ${base} b ON n.id = b.id`);
      watch.stop();
      const [counts] = found.getRowObjectsJson();
      return {
        counts: { inserted: Number(counts!.inserted), updated: Number(counts!.updated), gone: Number(counts!.gone) },
      };
    },
  };
}

async function open(spill: string) {
  // Here and not above: the processes of all others would carry the library too.
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: engineLimits.memory,
    threads: String(engineLimits.threads),
    temp_directory: `${spill}/spill`,
    preserve_insertion_order: 'false',
  });
  return instance.connect();
}

function readCsv(path: string): string {
  const types = columns.map(({ name, type }) => `'${name}': '${duckdb.type(type)}'`).join(', ');
  return `read_csv(${quoteLiteral(path)}, columns = {${types}}, header = true, auto_detect = false, delim = ',', quote = '"', escape = '"')`;
}

async function writeParquet(arena: Arena, side: Side): Promise<string> {
  const path = join(arena.folder, `${side}.parquet`);
  const connection = await open(arena.scratch);
  await connection.run(`COPY (SELECT * FROM ${readCsv(arena.raw(side))}) TO ${quoteLiteral(path)} (FORMAT parquet)`);
  connection.closeSync();
  return `read_parquet(${quoteLiteral(path)})`;
}
