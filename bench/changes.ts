import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Fingerprint } from '../lib/core/diff/fingerprint.ts';
import { quoteIdentifier, quoteLiteral } from '../lib/core/feed/identifier.ts';
import { duckdb } from '../lib/core/sql/dialects/dialect.ts';
import type { EngineDiff } from '../lib/ports/comparison.ts';
import { columns } from './items.ts';

/** What an engine says the night is: the same for everybody who compared the same. */
export interface Changes {
  readonly accepted: number;
  readonly inserted: number;
  readonly updated: number;
  readonly gone: number;
  readonly before: Fingerprint;
  readonly after: Fingerprint;
  /** SHA-256 of the rows of each kind as text, in order of their keys. */
  readonly rows: Readonly<Record<Kind, string>>;
}

const kinds = ['inserted', 'updated', 'gone'] as const;
type Kind = (typeof kinds)[number];

/** Read back from the files that the engine wrote; `scratch` is where it may sort. */
export async function changesOf(
  { accepted, inserted, updated, gone, before, after, files }: EngineDiff,
  scratch: string,
): Promise<Changes> {
  await mkdir(scratch, { recursive: true });
  // Here and not above: the processes of all others would carry the library too.
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const instance = await DuckDBInstance.create(':memory:', { temp_directory: `${scratch}/sort` });
  const connection = await instance.connect();
  await connection.run(`SET TimeZone = 'UTC'`);
  const rows: [Kind, string][] = [];
  for (const kind of kinds) rows.push([kind, await hashOf(pathsOf(files[kind]))]);
  connection.closeSync();
  return { accepted, inserted, updated, gone, before, after, rows: Object.fromEntries(rows) as Record<Kind, string> };

  async function hashOf(paths: readonly string[]): Promise<string> {
    const hash = createHash('sha256');
    if (paths.length === 0) return hash.digest('hex');
    const sorted = join(scratch, 'sorted.csv');
    await connection.run(`COPY (SELECT ${texts} FROM read_parquet([${paths.map(quoteLiteral).join(', ')}])
      ORDER BY ${key}) TO ${quoteLiteral(sorted)} (FORMAT csv, HEADER false, FORCE_QUOTE *)`);
    await pipeline(createReadStream(sorted), hash);
    await rm(sorted);
    return hash.digest('hex');
  }
}

const texts = columns.map(({ name, type }) => duckdb.text(duckdb.canonical(quoteIdentifier(name), type))).join(', ');
const key = columns
  .filter((column) => column.key)
  .map(({ name }) => quoteIdentifier(name))
  .join(', ');

function pathsOf(files: EngineDiff['files'][Kind]): string[] {
  if (files === undefined) return [];
  if (typeof files === 'string') return [files];
  return files.map((file) => {
    if ('path' in file) return file.path;
    throw new Error(`${file.key} is not on this machine`);
  });
}
