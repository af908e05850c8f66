import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { NightfeedError } from '../../../core/errors.ts';
import type { Connection } from '../connection/session.ts';
import { requireOwnLedger } from './ledger-owner.ts';

/** Number of the newest migration. A constant, because only bundles of `migrate` contain the files. */
export const LEDGER_VERSION = 12;

/** The ledger's version in this database; null without a ledger. Throws LEDGER_VERSION for one newer than ours. */
export async function ledgerVersion(db: Connection): Promise<number | null> {
  const [found] = await db.script<{ there: boolean }>(`SELECT to_regclass('nightfeed.migration') IS NOT NULL AS there`);
  if (!found?.there) return null;
  const [row] = await db.script<{ version: number }>(
    'SELECT coalesce(max(version), 0) AS version FROM nightfeed.migration',
  );
  const version = row?.version ?? 0;
  if (version > LEDGER_VERSION) {
    throw new NightfeedError(
      'LEDGER_VERSION',
      `the ledger has version ${version}; this nightfeed knows ${LEDGER_VERSION}`,
      {
        hint: 'Install the newer nightfeed that this ledger belongs to.',
      },
    );
  }
  return version;
}

/** false without a ledger. Throws LEDGER_VERSION for a ledger of another version. */
export async function hasLedger(db: Connection): Promise<boolean> {
  const version = await ledgerVersion(db);
  if (version === null) return false;
  if (version === LEDGER_VERSION) return true;
  throw new NightfeedError(
    'LEDGER_VERSION',
    `the ledger has version ${version}; this nightfeed needs ${LEDGER_VERSION}`,
  );
}

/** Applies missing migrations inside the caller's transaction. Answers their names. */
export async function migrateLedger(db: Connection): Promise<string[]> {
  const version = await ledgerVersion(db);
  if (version === LEDGER_VERSION) return [];
  if (version === null) {
    await db.script(bootstrap);
    // Somebody may have made one of the schemas since this connection began.
    await requireOwnLedger(db);
  }
  const folder = migrations();
  const missing = fileNames(folder).slice(version ?? 0);
  for (const [index, name] of missing.entries()) {
    await db.script(readFileSync(new URL(name, folder), 'utf8'));
    await db.query('INSERT INTO nightfeed.migration (version, name) VALUES ($1, $2)', [
      (version ?? 0) + index + 1,
      name,
    ]);
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
