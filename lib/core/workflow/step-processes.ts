import type { Process } from './process.ts';
import { busyRetry, containerRetries, functionRetries } from './retries.ts';
import { type SharedProcess, type StepName, stepsOf } from './workflows.ts';

export const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** For what asks only the ledger and AWS. In vain it asks a database four times, a minute each, and then names the failure. */
export const SHORT = 5 * MINUTE;
/** One listing; a slow server is listed several times. */
export const LISTING = 10 * MINUTE;
/** A delivery has 8 GB and more, and the slowest part is the vendor's line, whose speed nobody knows. */
export const PULL = 6 * HOUR;
export const DIFF = 4 * HOUR;
/** One statement may take an hour. */
export const PUBLISH = 3 * HOUR;
const TIDY = HOUR;
export const asFunction = { as: 'function', retries: functionRetries } as const;
export const asContainer = { as: 'container', retries: containerRetries } as const;

/** The night's steps. */
export const steps = {
  claim: {
    ...asFunction,
    does: 'opens the run',
    seconds: SHORT,
    retries: [...functionRetries, busyRetry],
    login: 'control',
    read: ['errands'],
    write: ['feeds'],
    counts: true,
    tells: true,
  },
  arrive: {
    ...asFunction,
    does: 'looks whether the delivery is complete',
    seconds: LISTING,
    login: 'fetch',
    notes: ['listing', 'reading', 'look', 'files'],
    read: ['feeds'],
    write: ['receipts'],
    vendor: true,
  },
  pull: {
    ...asContainer,
    does: 'streams every file to the lake, proved whole',
    seconds: PULL,
    login: 'fetch',
    notes: ['files'],
    read: ['feeds'],
    write: ['landing', 'raw', 'receipts'],
    vendor: true,
  },
  diff: {
    ...asContainer,
    does: 'computes the change set',
    seconds: DIFF,
    login: 'compare',
    rows: 'read',
    notes: ['delivery', 'changeSet', 'tables', 'files'],
    read: ['feeds', 'landing'],
    write: ['changes', 'snapshots', 'receipts'],
  },
  guard: {
    ...asFunction,
    does: 'lets the change set pass, or holds it',
    seconds: SHORT,
    login: 'control',
    notes: ['measures', 'warnings'],
    read: ['feeds', 'receipts'],
    counts: true,
    tells: true,
  },
  publish: {
    ...asContainer,
    does: 'applies the change set in one transaction',
    seconds: PUBLISH,
    login: 'publish',
    rows: 'write',
    read: ['feeds', 'receipts', 'changes', 'snapshots'],
  },
  notify: {
    ...asFunction,
    does: 'relays messages',
    seconds: SHORT,
    login: 'notify',
    read: ['feeds'],
    tells: true,
  },
  tidy: {
    ...asContainer,
    does: 'writes current Parquet, removes what nobody needs',
    seconds: TIDY,
    login: 'compare',
    read: ['feeds', 'receipts'],
    write: ['current'],
    remove: ['landing', 'raw', 'changes', 'snapshots', 'current'],
    ages: true,
    distributes: true,
    shows: true,
  },
} as const satisfies Record<StepName, Process>;

/** Steps that share a container. It may do what any of them may. */
export const shared = {
  intake: {
    ...asContainer,
    does: 'streams every file to the lake, proved whole, and compares it meanwhile',
    seconds: PULL + DIFF,
    login: null,
    steps: stepsOf('intake'),
    read: ['feeds'],
    write: ['landing', 'raw', 'changes', 'snapshots', 'receipts'],
    vendor: true,
  },
} as const satisfies Record<SharedProcess, Process>;
