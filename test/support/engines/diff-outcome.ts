import type { DuckDBConnection } from '@duckdb/node-api';
import type { Fingerprint } from '../../../lib/core/diff/fingerprint.ts';
import type { Repeats } from '../../../lib/core/diff/repeats.ts';
import { quoteIdentifier } from '../../../lib/core/feed/identifier.ts';
import type { Column } from '../../../lib/core/feed/spec.ts';
import type { TableDiff } from '../../../lib/core/run/diff-receipt.ts';
import { duckdb } from '../../../lib/core/sql/dialects/dialect.ts';
import type { Store } from '../../../lib/ports/store.ts';
import { readSnapshotManifest } from '../../../lib/steps/base/snapshot.ts';

/** What a night's diff comes to, in canonical text, sorted: equal for equal meaning, whoever computed it. */
export interface Outcome {
  readonly inserted: string[];
  readonly updated: string[];
  readonly gone: string[];
  readonly carried: string[];
  readonly rejected: Record<string, number>;
  readonly filtered: number;
  /** Older versions of a key. */
  readonly collapsed: number;
  /** Updated rows that are older than production's. */
  readonly reverted: number;
  readonly broken: Record<string, number>;
  /** Keys in several files, with other rows and with equal ones, the files' names, and records equal to one of their file. */
  readonly repeats: { different: number; equal: number; within: number; files: string[]; equalShare: number };
  readonly suspended: number;
  readonly unchanged: number;
  readonly before: Fingerprint;
  readonly after: Fingerprint;
  readonly snapshot: Fingerprint;
  /** Rows of the snapshot with null, by column. */
  readonly nulls: Record<string, number>;
}

/** Where the diff's files are, and what reads them: a connection whose time zone is UTC. */
interface Lake {
  readonly store: Store;
  readonly connection: DuckDBConnection;
  /** For copies of objects. */
  readonly scratch: string;
}

/** Of a table, as its receipt and the files that it names say. */
export async function outcomeOf(table: TableDiff, columns: readonly Column[], lake: Lake): Promise<Outcome> {
  const manifest = await readSnapshotManifest(lake, table.snapshot);
  const read = async (found: string | readonly string[] | null | undefined) => {
    const rows: string[] = [];
    for (const key of [found ?? []].flat()) rows.push(...(await rowsOf(key, columns, lake)));
    return rows.sort();
  };
  return {
    inserted: await read(table.changes.inserted),
    updated: await read(table.changes.updated),
    gone: await read(table.changes.gone),
    carried: await read(manifest.carried?.key),
    rejected: { ...table.rejected },
    filtered: table.filtered,
    collapsed: table.collapsed ?? 0,
    reverted: table.reverted ?? 0,
    broken: { ...table.broken },
    repeats: repeatsIn(table),
    suspended: table.suspended,
    unchanged: table.unchanged,
    before: table.before,
    after: table.after,
    snapshot: manifest.fingerprint,
    nulls: { ...manifest.nulls },
  };
}

export function repeatsIn({ repeats }: { readonly repeats?: Repeats | undefined }): Outcome['repeats'] {
  const { different = 0, equal = 0, within = 0, names = [], equalShare = 0 } = repeats ?? {};
  return { different, equal, within, files: [...names].sort(), equalShare };
}

async function rowsOf(key: string, columns: readonly Column[], { store, connection, scratch }: Lake) {
  const path = await store.localPath(key, scratch);
  const values = columns.map(({ name, type }) => duckdb.text(duckdb.canonical(quoteIdentifier(name), type)));
  const rows = await connection.runAndReadAll(`SELECT ${values.join(', ')} FROM read_parquet('${path}')`);
  return rows.getRowsJson().map((row) => JSON.stringify(row));
}
