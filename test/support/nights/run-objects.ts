import type { DuckDBConnection } from '@duckdb/node-api';
import { type RunId, runPrefixes } from '../../../lib/core/run/keys.ts';
import type { PullReceipt } from '../../../lib/core/run/pull-receipt.ts';
import type { Store } from '../../../lib/ports/store.ts';
import type { Reject } from './intake-night.ts';

/** A lake, and how its Parquet files are read. */
interface Lake {
  readonly store: Store;
  readonly connection: DuckDBConnection;
  /** For objects as local files. */
  readonly scratch: string;
}

/** Each record that the run rejected. */
export async function rejectsOf(run: RunId, { store, connection, scratch }: Lake): Promise<Reject[]> {
  const rejects: Reject[] = [];
  const objects = await Promise.all(runPrefixes(run).others.map((prefix) => store.list(prefix)));
  for (const { key } of objects.flat()) {
    if (!key.endsWith('rejects.parquet')) continue;
    const path = await store.localPath(key, scratch);
    const found = await connection.runAndReadAll(
      `SELECT code, "column", "key", "offset", "length", raw FROM read_parquet('${path}')`,
    );
    rejects.push(...(found.getRowObjectsJson() as unknown as Reject[]));
  }
  return rejects;
}

/** What landing noted of the run's files. */
export async function notesOf(run: RunId, store: Store): Promise<string[]> {
  const pulled = await receiptsOf<PullReceipt>(run, 'pull', store);
  const files = pulled.flatMap(({ tables }) => Object.values(tables).flatMap((table) => table.files));
  return files.flatMap(({ notes }) => notes);
}

export async function receiptsOf<T>(run: RunId, step: 'pull' | 'diff', store: Store): Promise<T[]> {
  const receipts: T[] = [];
  for (const { key } of await store.list(`${runPrefixes(run).receipts}${step}/`))
    receipts.push(JSON.parse((await store.readText(key))!));
  return receipts;
}
