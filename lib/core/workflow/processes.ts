import type { LoginKind } from '../cloud/logins.ts';
import type { OperatorJobKind } from '../cloud/operator-job.ts';
import type { Process } from './process.ts';
import { busyRetry, containerRetries, functionRetries } from './retries.ts';
import { type SharedProcess, type StepName, stepsOf } from './workflows.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** For what asks only the ledger and AWS. In vain it asks a database four times, a minute each, and then names the failure. */
const SHORT = 5 * MINUTE;
/** One listing; a slow server is listed several times. */
const LISTING = 10 * MINUTE;
/** A delivery has 8 GB and more, and the slowest part is the vendor's line, whose speed nobody knows. */
const PULL = 6 * HOUR;
const DIFF = 4 * HOUR;
/** One statement may take an hour. */
const PUBLISH = 3 * HOUR;
const TIDY = HOUR;
/** Lambda's longest. Migrations are short, but may wait for locks. */
const MIGRATION = 15 * MINUTE;

const asFunction = { as: 'function', retries: functionRetries } as const;
const asContainer = { as: 'container', retries: containerRetries } as const;

/** The night's steps. */
const steps = {
  claim: {
    ...asFunction,
    does: 'opens the run',
    seconds: SHORT,
    retries: [...functionRetries, busyRetry],
    login: 'control',
    read: ['errands'],
    write: ['feeds'],
    tells: true,
  },
  arrive: {
    ...asFunction,
    does: 'looks whether the delivery is complete',
    seconds: LISTING,
    login: 'fetch',
    notes: ['listing', 'reading', 'look'],
    read: ['feeds'],
    write: ['receipts'],
    vendor: true,
  },
  pull: {
    ...asContainer,
    does: 'streams every file to the lake, proved whole',
    seconds: PULL,
    login: 'fetch',
    read: ['feeds'],
    write: ['landing', 'receipts'],
    vendor: true,
  },
  diff: {
    ...asContainer,
    does: 'computes the change set',
    seconds: DIFF,
    login: 'compare',
    rows: 'read',
    notes: ['delivery', 'changeSet', 'tables'],
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
    remove: ['landing', 'changes', 'snapshots', 'current'],
    distributes: true,
    shows: true,
  },
} as const satisfies Record<StepName, Process>;

/** Workflows and jobs that a container does whole. */
const whole = {
  plan: {
    ...asContainer,
    does: 'says what the night would do',
    seconds: PULL + DIFF,
    login: 'compare',
    rows: 'read',
    read: ['feeds'],
    write: ['landing', 'changes', 'snapshots', 'receipts'],
    vendor: true,
    distributes: true,
  },
  show: {
    ...asContainer,
    does: 'reads rows that wait in quarantine, for the person who asked the operator',
    seconds: TIDY,
    login: 'compare',
    read: ['errands', 'receipts', 'changes', 'landing'],
    write: ['answers'],
  },
  release: {
    ...asContainer,
    does: 'publishes quarantined rows that the deployed feed can read, for the person who asked the operator',
    seconds: DIFF + PUBLISH,
    login: 'publish',
    rows: 'write',
    notes: ['delivery', 'changeSet', 'tables', 'warnings'],
    read: ['errands', 'landing'],
    write: ['answers', 'feeds', 'receipts', 'changes', 'snapshots', 'current'],
    remove: ['landing', 'changes', 'snapshots', 'current'],
    tells: true,
    distributes: true,
    shows: true,
  },
} as const satisfies Record<'plan' | OperatorJobKind, Process>;

/** Steps that share a container. It may do what any of them may. */
const shared = {
  intake: {
    ...asContainer,
    does: 'streams every file to the lake, proved whole, and compares it meanwhile',
    seconds: PULL + DIFF,
    login: null,
    steps: stepsOf('intake'),
    read: ['feeds'],
    write: ['landing', 'changes', 'snapshots', 'receipts'],
    vendor: true,
  },
} as const satisfies Record<SharedProcess, Process>;

/** What stands beside the steps. */
const others = {
  look: {
    ...asFunction,
    does: 'looks whether the source shows anything new of a date that is over',
    seconds: LISTING,
    login: 'fetch',
    read: ['feeds', 'receipts'],
    vendor: true,
  },
  outcome: { ...asFunction, does: 'says what came of a task', seconds: SHORT, login: 'control' },
  stop: {
    ...asFunction,
    does: 'ends a run that cannot go on, and says so',
    seconds: SHORT,
    login: 'control',
    tells: true,
  },
  // Prepares the files of a delivery that no container holds, starts the Glue job and waits for it.
  'diff-glue': { ...steps.diff, does: 'has Spark compute the change set', distributes: true },
  // Spark writes to a temporary place first, and removes it.
  'glue-job': {
    as: 'Glue job',
    does: 'compares large deliveries',
    seconds: DIFF,
    // The container that starts it tries again, under a prefix of its own.
    retries: [],
    login: null,
    read: ['landing', 'snapshots'],
    write: ['changes'],
    remove: ['changes'],
  },
  // It alone writes who asked for a job.
  operator: {
    as: 'function',
    does: 'answers the command line',
    seconds: SHORT,
    retries: [],
    login: 'decide',
    read: ['receipts', 'answers'],
    write: ['errands'],
    tells: true,
  },
  // At deployment.
  migrate: {
    as: 'function',
    does: "makes a feed's tables and logins",
    seconds: MIGRATION,
    retries: [],
    login: 'owner',
    read: ['feeds'],
  },
  deploy: {
    as: 'function',
    does: 'puts the feed document into the lake and migrates',
    seconds: MIGRATION,
    retries: [],
    login: null,
    write: ['feeds'],
  },
  // Once for all feeds of a stage.
  ledger: {
    as: 'stage function',
    does: 'brings the ledger up to date',
    seconds: MIGRATION,
    retries: [],
    login: 'owner',
  },
  stage: {
    as: 'stage function',
    does: 'has the ledger migrated, and answers CloudFormation',
    seconds: MIGRATION,
    retries: [],
    login: null,
  },
} as const satisfies Record<string, Process>;

export const processes = { ...steps, ...shared, ...whole, ...others } as const;

export type ProcessName = keyof typeof processes;
type NamesOf<As extends Process['as']> = {
  [Name in ProcessName]: (typeof processes)[Name]['as'] extends As ? Name : never;
}[ProcessName];

/** What AWS calls; `deploy` and `migrate` only at deployment. */
export type FunctionName = NamesOf<'function'>;
export const functionNames = namesOf('function') as readonly FunctionName[];

/** What AWS calls at the deployment of a stage. */
export type StageFunctionName = NamesOf<'stage function'>;
export const stageFunctionNames = namesOf('stage function') as readonly StageFunctionName[];

export type ContainerName = NamesOf<'container'>;
export const containerNames = namesOf('container') as readonly ContainerName[];

/** Steps that run as a container. They write their outcome to the ledger, because a container can answer nothing but an exit code. */
export type TaskName = ContainerName & StepName;
export const taskNames = containerNames.filter((name): name is TaskName => name in steps);

/** The steps that a container does one after the other: those that share it, or the step that it is named after; none of a whole workflow or job. */
export function stepsIn(name: string): readonly TaskName[] {
  return name in shared ? shared[name as SharedProcess].steps.filter(isTask) : [name].filter(isTask);
}

/** Logins at the database that a process uses, one after the other. */
export function loginsOf(name: ProcessName): readonly (LoginKind | 'owner')[] {
  const { login, steps: own = [] }: Process = processes[name];
  return [...(login === null ? [] : [login]), ...own.map((step) => steps[step].login)];
}

export function isTask(name: string): name is TaskName {
  return (taskNames as readonly string[]).includes(name);
}

function namesOf(as: Process['as']): string[] {
  return Object.entries<Process>(processes).flatMap(([name, process]) => (process.as === as ? [name] : []));
}
