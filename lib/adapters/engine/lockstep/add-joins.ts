import { join } from 'node:path';
import { addFingerprints } from '../../../core/diff/fingerprint.ts';
import { SAMPLE_ROWS } from '../../../core/diff/samples.ts';
import { quoteLiteral } from '../../../core/feed/identifier.ts';
import type { EngineInput } from '../../../steps/engine-port.ts';
import type { Joined } from '../duckdb/join-rows.ts';
import { movedColumns } from '../duckdb/samples.ts';
import type { Workbench } from '../duckdb/workbench.ts';
import { addCounts } from '../plan-answers.ts';

/** Joins over disjoint keys, in key order, as one; null when rows of all of them have to be looked at together. */
export async function addJoins(
  bench: Workbench,
  table: Pick<EngineInput, 'columns' | 'base'>,
  joins: readonly Joined[],
  folder: string,
): Promise<Joined | null> {
  if (joins.length === 1) return joins[0]!;
  const sum = joins.reduce(add);
  // Which rows explain a column that comes empty, only the whole tells.
  if (movedColumns(table, sum.nulls).length > 0) return null;
  return { ...sum, files: await addFiles(bench, joins, folder) };
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
          first(a.samples.broken?.[name] ?? [], b.samples.broken?.[name] ?? []),
        ]),
      ),
    },
    values: [...a.values, ...b.values],
    files: {},
  };
}

/** Counts by name; a name that stands on one side only counts too. */
function addByName(a: Readonly<Record<string, number>>, b: typeof a): Record<string, number> {
  return Object.fromEntries(Object.keys({ ...a, ...b }).map((name) => [name, (a[name] ?? 0) + (b[name] ?? 0)]));
}

/** One file of each kind: a published change set has no more. */
async function addFiles(bench: Workbench, joins: readonly Joined[], folder: string): Promise<Joined['files']> {
  const { session } = await bench.session();
  const files: Partial<Record<keyof Joined['files'], string>> = {};
  for (const kind of ['inserted', 'updated', 'gone', 'carried'] as const) {
    const paths = joins.flatMap(({ files: found }) => found[kind] ?? []);
    if (paths.length === 0) continue;
    files[kind] = join(folder, `${kind}.parquet`);
    await session.run(
      `COPY (SELECT * FROM read_parquet([${paths.map(quoteLiteral).join(', ')}])) TO ${quoteLiteral(files[kind])} (FORMAT parquet, COMPRESSION zstd)`,
    );
  }
  return files;
}
