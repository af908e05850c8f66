import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { Connection } from '../connection/session.ts';
import { requireOwnLedger } from './ledger-owner.ts';
import { ledgerState, requireWriter } from './ledger-version.ts';

/**
 * Applies missing migrations inside the caller's transaction. Answers their names: none in a ledger that a newer version migrated.
 * Throws LEDGER_VERSION when this version may not write that ledger.
 */
export async function migrateLedger(db: Connection): Promise<string[]> {
  const state = await ledgerState(db);
  if (state) requireWriter(state);
  else {
    await db.script(bootstrap);
    // Somebody may have made one of the schemas since this connection began.
    await requireOwnLedger(db);
  }
  const done = state?.version ?? 0;
  const folder = migrations();
  const missing = fileNames(folder).slice(done);
  for (const [index, name] of missing.entries()) {
    await db.script(readFileSync(new URL(name, folder), 'utf8'));
    // From version 13 on this is a view, and the row goes to the table behind it.
    await db.query('INSERT INTO nightfeed.migration (version, name) VALUES ($1, $2)', [done + index + 1, name]);
  }
  return missing.map((name) => `ledger ${name}`);
}

const bootstrap = `
  CREATE SCHEMA IF NOT EXISTS nightfeed;
  CREATE SCHEMA IF NOT EXISTS nightfeed_stage;
  CREATE TABLE nightfeed.migration (
    version integer PRIMARY KEY,
    name text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
  )`;

/** A bundle is a single file beside a copy of the folder. */
function migrations(): URL {
  const folders = ['../../../../sql/migrations/', './sql/migrations/'].map((path) => new URL(path, import.meta.url));
  return folders.find((folder) => existsSync(folder)) ?? folders[0]!;
}

/** 0001_… is version 1; the files are never renumbered. */
function fileNames(folder: URL): string[] {
  return readdirSync(folder)
    .filter((name) => /^\d{4}_.*\.sql$/.test(name))
    .sort();
}
