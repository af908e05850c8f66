import { NightfeedError } from '../../../core/errors.ts';
import type { LedgerFit } from '../../../ports/target.ts';
import type { Connection } from '../connection/session.ts';

/** Number of the newest migration that this version of nightfeed knows. A constant, because only bundles of `migrate` contain the files. */
export const LEDGER_VERSION = 20;

/** What a ledger says of itself. */
interface LedgerState {
  /** Number of its newest migration. */
  readonly version: number;
  /** Versions that know fewer migrations than this may not read it. */
  readonly oldestReader: number;
  /** Versions that know fewer may not write it. */
  readonly oldestWriter: number;
}

/** false without a ledger. Throws LEDGER_VERSION for a ledger that has to be migrated first, or that this version may not read. */
export async function hasLedger(db: Connection): Promise<boolean> {
  const version = await ledgerVersion(db);
  if (version === null) return false;
  if (version >= LEDGER_VERSION) return true;
  throw new NightfeedError(
    'LEDGER_VERSION',
    `the ledger has version ${version}; this nightfeed needs ${LEDGER_VERSION}`,
  );
}

/** Throws LEDGER_VERSION unless this version may write the ledger as it is. */
export async function requireLedger(db: Connection): Promise<void> {
  requireWriter((await ledgerState(db)) ?? undefined);
  if (await hasLedger(db)) return;
  throw new NightfeedError(
    'LEDGER_MISSING',
    `the database has no ledger; this nightfeed needs version ${LEDGER_VERSION}`,
  );
}

/** The ledger's version in this database, which may be older or newer than ours; null without a ledger. Throws LEDGER_VERSION. */
export async function ledgerVersion(db: Connection): Promise<number | null> {
  const state = await ledgerState(db);
  if (state) requireKnown('read', state.oldestReader);
  return state?.version ?? null;
}

export async function ledgerState(db: Connection): Promise<LedgerState | null> {
  const [found] = await db.script<{ there: boolean; says: boolean }>(
    `SELECT to_regclass('nightfeed.migration') IS NOT NULL AS there, to_regclass('nightfeed.compatibility') IS NOT NULL AS says`,
  );
  if (!found?.there) return null;
  const [state] = await db.script<LedgerState>(found.says ? stateSql : stateBefore);
  return state!;
}

/** Whether this version fits the ledger of this database; `newer`: only a newer version may write it. Changes nothing. */
export async function ledgerFit(db: Connection): Promise<LedgerFit> {
  const state = await ledgerState(db);
  if (state === null) return 'absent';
  if (state.oldestWriter > LEDGER_VERSION) return 'newer';
  return state.version < LEDGER_VERSION ? 'older' : 'fits';
}

/** For a statement that locks what is about to be written: what `requireWriter` asks for, at no statement of its own. */
export const oldestWriter = '(SELECT oldest_writer FROM nightfeed.compatibility) AS "oldestWriter"';

/** A call of one of the ledger's functions, or null where we may not write. */
export const ifWriter = (call: string) =>
  `CASE WHEN (SELECT oldest_writer FROM nightfeed.compatibility) <= ${LEDGER_VERSION} THEN ${call} END`;

/** Throws LEDGER_VERSION when a newer version of nightfeed took something away that we would write. */
export function requireWriter(found: Pick<LedgerState, 'oldestWriter'> | undefined): void {
  if (found) requireKnown('write', found.oldestWriter);
}

function requireKnown(act: 'read' | 'write', oldest: number): void {
  if (LEDGER_VERSION >= oldest) return;
  throw new NightfeedError(
    'LEDGER_VERSION',
    `only a nightfeed that knows version ${oldest} of the ledger may ${act} this one; this nightfeed knows ${LEDGER_VERSION}`,
    { hint: 'Install a newer nightfeed: the one that migrated this ledger, or a later one.' },
  );
}

const stateSql = `
SELECT (SELECT max(version) FROM nightfeed.ledger_migration) AS version,
  oldest_reader AS "oldestReader", oldest_writer AS "oldestWriter" FROM nightfeed.compatibility`;

/** Before version 13 a ledger was for its own version alone. */
const stateBefore = `
SELECT version, version AS "oldestReader", version AS "oldestWriter"
FROM (SELECT coalesce(max(version), 0) AS version FROM nightfeed.migration) AS newest`;
