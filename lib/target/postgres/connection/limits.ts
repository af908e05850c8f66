/** How long a transaction may work or wait on the server, in milliseconds. */
export interface Limits {
  /** Waiting for a lock. */
  readonly lockMs: number;
  readonly statementMs: number;
  /** Between two statements. */
  readonly idleMs: number;
  /** How soon a backend notices during a statement that its client is dead, and frees its locks. */
  readonly clientCheckMs?: number;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** As long as a lease, because a stopped process must not keep the feed locked after it lost its run. */
const IDLE_MS = 15 * SECOND;

/** Of a statement alone, for which the client's patience is enough, but for a client that stands still before its COMMIT. */
export const loneLimits: Pick<Limits, 'idleMs'> = { idleMs: IDLE_MS };
/** Some rows of the ledger. */
export const ledgerLimits: Limits = { lockMs: 10 * SECOND, statementMs: MINUTE, idleMs: IDLE_MS };
/** claim tries again by itself. */
export const claimLimits: Limits = { ...ledgerLimits, lockMs: SECOND };
/** A change of the catalog, which may rewrite all rows. */
export const migrationLimits: Limits = { ...ledgerLimits, statementMs: HOUR };
export const publishLimits: Limits = { ...ledgerLimits, statementMs: HOUR, clientCheckMs: 2 * SECOND };
/** All rows of a table are read. */
export const wholeTableLimits: Limits = { ...ledgerLimits, statementMs: 6 * HOUR };

/** How long the client waits for a silent server, in milliseconds. */
export interface Patience {
  /** For a statement alone, which has no limit on the server. */
  readonly loneMs: number;
  /** Added to the server's own limit. */
  readonly marginMs: number;
  /** For COMMIT, which the server does not limit. */
  readonly commitMs: number;
  /** Time after which the client checks what a COMMIT waits for. */
  readonly lookMs: number;
  /** For a COPY, between two pieces of it. */
  readonly copyMs: number;
  /** After a refused login, until the rotation of its password is over. */
  readonly rotationMs: number;
}

export const standardPatience: Patience = {
  loneMs: MINUTE,
  marginMs: 10 * SECOND,
  commitMs: 2 * MINUTE,
  lookMs: 10 * SECOND,
  copyMs: 5 * MINUTE,
  rotationMs: 10 * SECOND,
};
