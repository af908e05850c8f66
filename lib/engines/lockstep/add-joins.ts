import { join } from 'node:path';
import { addFingerprints } from '../../core/diff/fingerprint.ts';
import { SAMPLE_ROWS } from '../../core/diff/samples.ts';
import { entryOf } from '../../core/entry-of.ts';
import { quoteLiteral } from '../../core/feed/identifier.ts';
import { changeKinds } from '../../core/run/diff-receipt.ts';
import type { EngineDiff, EngineInput } from '../../ports/comparison.ts';
import { addCounts } from '../common/plan-answers.ts';
import type { Joined } from '../duckdb/join-rows.ts';
import type { DuckDbPool } from '../duckdb/pool.ts';
import { movedColumns } from '../duckdb/samples.ts';
import { PARQUET } from '../duckdb/session.ts';

/** Adds up joins over disjoint keys, in key order; null when the unmatched records of all of them have to be joined together. */
export async function addJoins(
  pool: DuckDbPool,
  table: Pick<EngineInput, 'columns' | 'base'>,
  joins: readonly Joined[],
  folder: string,
): Promise<Joined<EngineDiff['files']> | null> {
  if (joins.length === 1) return joins[0]!;
  const sum = joins.reduce(add);
  // Samples of a column that comes empty have to be chosen among all rows.
  if (movedColumns(table, sum.nulls).length > 0) return null;
  return { ...sum, files: await addFiles(pool, joins, folder) };
}

function add(a: Joined, b: Joined): Joined {
  const first = <T>(rows: readonly T[], more: readonly T[]) => [...rows, ...more].slice(0, SAMPLE_ROWS);
  return {
    ...addCounts(a, b),
    rejected: a.rejected + b.rejected,
    broken: addByName(a.broken, b.broken),
    before: addFingerprints(a.before, b.before),
    after: addFingerprints(a.after, b.after),
    whole: null,
    nulls: {
      before: addByName(a.nulls.before, b.nulls.before),
      after: addByName(a.nulls.after, b.nulls.after),
      whole: null,
    },
    samples: {
      inserted: first(a.samples.inserted, b.samples.inserted),
      updated: first(a.samples.updated, b.samples.updated),
      gone: first(a.samples.gone, b.samples.gone),
      nulls: {},
      broken: Object.fromEntries(
        Object.keys({ ...a.samples.broken, ...b.samples.broken }).map((name) => [
          name,
          first(entryOf(a.samples.broken, name) ?? [], entryOf(b.samples.broken, name) ?? []),
        ]),
      ),
    },
    values: [...a.values, ...b.values],
    // When both sides ascend strictly, no key occurs twice.
    repeats: null,
    files: {},
  };
}

/** Adds counts by name, also those of names that only one side has. */
function addByName(a: Readonly<Record<string, number>>, b: typeof a): Record<string, number> {
  return Object.fromEntries(
    Object.keys({ ...a, ...b }).map((name) => [name, (entryOf(a, name) ?? 0) + (entryOf(b, name) ?? 0)]),
  );
}

/** Keeps the files of a few batches as they are, because merging them costs as much as writing them did. */
async function addFiles(pool: DuckDbPool, joins: readonly Joined[], folder: string): Promise<EngineDiff['files']> {
  const found = (kind: keyof Joined['files']) => joins.flatMap(({ files }) => files[kind] ?? []);
  const files: { -readonly [kind in keyof EngineDiff['files']]: EngineDiff['files'][kind] } = {};
  for (const kind of changeKinds) {
    const paths = found(kind);
    if (paths.length > MAX_FILES) files[kind] = await asOne(pool, paths, join(folder, `${kind}.parquet`));
    else if (paths.length > 0) files[kind] = paths.map((path) => ({ path }));
  }
  const carried = found('carried');
  if (carried.length > 0) files.carried = await asOne(pool, carried, join(folder, 'carried.parquet'));
  return files;
}

/** Each file becomes an object of the lake and costs one or two requests. Merging the files takes a seventh of the diff's time. */
const MAX_FILES = 64;

async function asOne(pool: DuckDbPool, paths: readonly string[], into: string): Promise<string> {
  const { session } = await pool.session();
  const all = `SELECT * FROM read_parquet([${paths.map(quoteLiteral).join(', ')}])`;
  await session.write([{ select: all, path: into, format: PARQUET }]);
  return into;
}
