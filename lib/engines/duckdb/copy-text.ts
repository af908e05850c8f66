import { execFile } from 'node:child_process';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import type { Expression } from '../../core/expression/expression.ts';
import { quoteIdentifier, quoteLiteral } from '../../core/feed/identifier.ts';
import type { Column } from '../../core/feed/spec.ts';
import { engineType } from '../../core/feed/values/type-traits.ts';
import { duckdb } from '../../core/sql/dialects/dialect.ts';
import { expressionSql } from '../../core/sql/dialects/expression-sql.ts';
import type { Store } from '../../ports/store.ts';
import { readPipe } from './named-pipe.ts';
import type { DuckDbPool } from './pool.ts';

/**
 * Parquet objects as PostgreSQL COPY text. DuckDB writes the text into a named pipe while PostgreSQL reads: there is no temporary
 * file, and no value passes through JavaScript. It is the text format, because before PostgreSQL 18 CSV COPY ends at a line `\.`.
 * PostgreSQL would read the binary format in half the time, but DuckDB takes three times as long to write it, so nothing is won.
 */
export function copyText(
  pool: DuckDbPool,
  parquet: readonly string[],
  columns: readonly Column[],
  only?: Expression,
): Readable {
  const output = new PassThrough({ highWaterMark: 1 << 20 });
  // Each pipeline leaves listeners on the stream until it ends. Node takes more than ten for a leak and warns the user.
  output.setMaxListeners(0);
  // Without a listener, a failure before the first read would end the process. A later reader still gets the failure.
  output.on('error', () => {});
  pool
    .inFolder(async (folder) => {
      const waiting = [...parquet];
      while (waiting.length > 0) {
        // Local copies of objects are removed before the next objects are fetched.
        const own = await mkdtemp(join(folder, 'objects-'));
        await stream(pool, await some(pool.store, waiting, own), columns, only, own, output);
        await rm(own, { recursive: true });
      }
    })
    .then(
      () => output.end(),
      (error: Error) => output.destroy(error),
    );
  return output;
}

/** Bytes of objects for one statement. Lockstep's batches leave many small files, which share a statement; those of Spark are large. */
const SOME_BYTES = 16_000_000;

/** Takes objects off the list until they have so many bytes, and gives them as local files. */
async function some(store: Store, waiting: string[], folder: string): Promise<string[]> {
  const paths: string[] = [];
  for (let bytes = 0; waiting.length > 0 && bytes < SOME_BYTES; ) {
    const path = await store.localPath(waiting.shift()!, folder);
    paths.push(path);
    bytes += (await stat(path)).size;
  }
  return paths;
}

async function stream(
  pool: DuckDbPool,
  paths: readonly string[],
  columns: readonly Column[],
  only: Expression | undefined,
  folder: string,
  output: PassThrough,
): Promise<void> {
  const { session } = await pool.session();
  const pipe = join(folder, 'rows.pipe');
  await promisify(execFile)('mkfifo', [pipe]);
  await session.lendPipe(pipe);
  const input = readPipe(pipe);
  const where = only ? ` WHERE ${expressionSql(duckdb, only, quoteIdentifier)}` : '';
  const line = `concat(${columns.map(copyField).join(', chr(9), ')})`;
  const written = session
    .run(`COPY (SELECT ${line} FROM read_parquet([${paths.map(quoteLiteral).join(', ')}])${where}) TO ${quoteLiteral(pipe)}
      (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER E'\\x01', USE_TMP_FILE false)`)
    .catch(async (error: Error) => {
      // When DuckDB fails before it opens the pipe, our own `open` still waits for a writer. This one lets it go on.
      await (await open(pipe, 'r+')).close();
      input.destroy(error);
      throw error;
    });
  // When the reader stops, DuckDB fails too, on its broken pipe. Both have to end, and the first cause is reported.
  const [passed, made] = await Promise.allSettled([pipeline(input, output, { end: false }), written]);
  if (passed.status === 'rejected') throw passed.reason;
  if (made.status === 'rejected') throw made.reason;
}

const escapes = [
  ['\\', '\\\\'],
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\r', '\\r'],
] as const;

/** Hardly any value has one of the four characters, and a search for them costs a fraction of replacing them. */
function escaped(value: string): string {
  const isSpecial = escapes.map(([from]) => `contains(${value}, ${chr(from)})`).join(' OR ');
  const replaced = escapes.reduce((inner, [from, to]) => `replace(${inner}, ${chr(from)}, ${quoteLiteral(to)})`, value);
  return `CASE WHEN ${isSpecial} THEN ${replaced} ELSE ${value} END`;
}

function copyField({ name, type }: Column): string {
  const value = quoteIdentifier(name);
  const text =
    engineType(type) === 'text'
      ? escaped(value)
      : type === 'timestamptz'
        ? `CAST(timezone('UTC', ${value}) AS VARCHAR) || '+00'`
        : `CAST(${value} AS VARCHAR)`;
  return `coalesce(${text}, '\\N')`;
}

function chr(character: string): string {
  return `chr(${character.charCodeAt(0)})`;
}
