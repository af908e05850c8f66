import type { LoginKind } from '../cloud/logins.ts';
import type { JobContainer } from '../cloud/operator-job.ts';
import type { Process } from './process.ts';
import {
  asContainer,
  asFunction,
  DIFF,
  LISTING,
  MINUTE,
  PUBLISH,
  PULL,
  SHORT,
  shared,
  steps,
} from './step-processes.ts';
import type { SharedProcess, StepName } from './workflows.ts';

/** Lambda's longest. Migrations are short, but may wait for locks. */
const MIGRATION = 15 * MINUTE;

/** Workflows and jobs that a container does whole. */
const whole = {
  plan: {
    ...asContainer,
    does: 'says what the night would do',
    seconds: PULL + DIFF,
    login: 'compare',
    rows: 'read',
    read: ['feeds'],
    write: ['landing', 'raw', 'changes', 'snapshots', 'receipts'],
    vendor: true,
    distributes: true,
  },
  show: {
    ...asContainer,
    does: 'reads for the person who asked the operator: rows that wait in quarantine, or what production, ledger and lake hold',
    // An audit hashes every live row, which may take as long as a comparison.
    seconds: DIFF,
    login: 'compare',
    rows: 'read',
    // The feed of a night and the vendor's bytes tell where a row stands in the vendor's file.
    read: ['errands', 'receipts', 'changes', 'feeds', 'landing', 'raw', 'snapshots'],
    write: ['answers'],
  },
  release: {
    ...asContainer,
    does: 'publishes quarantined rows that the deployed feed can read, for the person who asked the operator',
    seconds: DIFF + PUBLISH,
    login: 'publish',
    rows: 'write',
    notes: ['delivery', 'changeSet', 'tables', 'files', 'warnings'],
    read: ['errands', 'landing', 'raw'],
    write: ['answers', 'feeds', 'receipts', 'changes', 'snapshots', 'current'],
    remove: ['landing', 'raw', 'changes', 'snapshots', 'current'],
    ages: true,
    counts: true,
    tells: true,
    distributes: true,
    shows: true,
  },
} as const satisfies Record<'plan' | JobContainer, Process>;

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
  // Neither its role nor its login can decide, so people may be let in who may only look.
  reader: {
    as: 'function',
    does: 'answers questions of the command line',
    seconds: SHORT,
    retries: [],
    login: 'read',
    read: ['receipts'],
    counts: true,
  },
  // It alone writes who asked for a job.
  operator: {
    as: 'function',
    does: 'takes decisions from the command line',
    seconds: SHORT,
    retries: [],
    login: 'decide',
    read: ['receipts', 'answers'],
    write: ['errands'],
    counts: true,
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
