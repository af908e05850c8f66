import { z } from 'zod';
import { isBusinessDate } from '../feed/business-date.ts';
import { type GuardName, guardNames } from '../guards/guard-names.ts';
import { parseFeedKey, parseRunName } from '../run/keys.ts';
import { runStates } from '../run/state.ts';
import { taskNames } from '../run/steps.ts';
import { executionName, MAX_SHOWN, type OperatorJobKind, operatorJobKinds, operatorJobName } from './operator-job.ts';

/** Everything that crosses a process border in the cloud: what functions and tasks are given, and what they answer. */

const runName = z
  .string()
  .refine((name) => parseRunName(name) !== undefined, 'expected a run such as catalog/2026-11-20');
const instant = z.iso.datetime({ offset: true });
const date = z.string().refine(isBusinessDate, 'expected a day such as 2026-11-20');
/** ARN of a state machine's execution: the owner of a run. */
const execution = z.string().min(1);

/** Key of a feed document in the lake. */
const feedKey = z.string().refine((key) => parseFeedKey(key) !== undefined, 'expected the key of a feed document');

/**
 * Input of an execution. `{}` means tonight's run of the deployed feed. Whoever may start executions writes it, so it chooses
 * what is run and never by which rules.
 */
const executionInput = z.object({
  /** Key of the feed document that is meant; any but the deployed one is refused. */
  feed: feedKey.optional(),
  /** From the scheduler: decides the business date, however late the execution starts. */
  scheduledTime: instant.optional(),
  /** The business date itself. */
  date: date.optional(),
  /** Refused: the name in it would be proved by nobody. */
  force: z.unknown().optional(),
  /** Lets through the date that somebody asked the operator for, under the name of this execution. */
  forced: z.literal(true).optional(),
  /** A held run that was approved: goes on with what it pulled, under its own feed document. */
  resumes: runName.optional(),
  /** Only says what the night would do: claims nothing, publishes nothing. */
  plan: z.literal(true).optional(),
  /** What somebody asked the operator for, under the name of this execution. */
  errand: z.enum(operatorJobKinds).optional(),
});
export type ExecutionInput = z.output<typeof executionInput>;

/** `$$.Execution.Input`, `$$.Execution.Id` and `$$.Execution.StartTime`: JSONPath cannot spread what may be absent. */
export const claimEvent = z.object({ input: executionInput, execution, started: instant });
export type ClaimEvent = z.output<typeof claimEvent>;
/** `opened`: go on. `plan`, `show`, `release`: to that task. Any other: the date is over in that state, and the source shows nothing new. */
export interface ClaimAnswer {
  readonly run: string;
  readonly outcome: 'opened' | 'plan' | OperatorJobKind | 'unchanged' | 'held' | 'rejected' | 'superseded';
}

/** What every step after claim is given; tasks have it as NIGHTFEED_RUN and NIGHTFEED_EXECUTION. */
export const stepEvent = z.object({ run: runName, execution });
export type StepEvent = z.output<typeof stepEvent>;

/** What a step answers when it went well. Everything else is thrown, under a name of errors.ts. */
export type StepOutcome =
  | { readonly outcome: 'arrived' }
  | { readonly outcome: 'waiting'; readonly seconds: number }
  /** Where its tables can be compared: in a task, or only by Spark. Absent when an older version pulled. */
  | { readonly outcome: 'pulled'; readonly engine?: 'local' | 'spark' }
  | { readonly outcome: 'compared' }
  /** Production holds exactly this delivery already. */
  | { readonly outcome: 'unchanged' }
  | { readonly outcome: 'pass' }
  /** The ledger says so, and people were told. */
  | { readonly outcome: 'held' }
  | { readonly outcome: 'published' }
  | { readonly outcome: 'told'; readonly sent: number }
  | { readonly outcome: 'tidied' };

/** After each task: its outcome from the ledger, or its named error thrown. */
export const outcomeEvent = stepEvent.extend({ step: z.enum(taskNames) });

/** What a Catch leaves at its ResultPath. */
const caught = z.object({ Error: z.string(), Cause: z.string().optional() });
export type Caught = z.output<typeof caught>;

/** A Cause's JSON: from a function that threw, or from ECS about a task that stopped. */
export const causeSchema = z.object({
  errorMessage: z.string().optional(),
  StoppedReason: z.string().optional(),
  Containers: z.array(z.object({ ExitCode: z.int().optional(), Reason: z.string().optional() })).optional(),
});

export const stopEvent = z.union([
  /** From the state machine. Without `run`: claim itself failed. */
  z.object({
    run: runName.optional(),
    execution,
    error: caught.optional(),
    state: z.literal('unchanged').optional(),
  }),
  /** From the rule on executions that ended FAILED, TIMED_OUT or ABORTED: EventBridge's own event. */
  z.object({ detail: z.object({ executionArn: execution, status: z.string() }) }),
]);

export type StopEvent = z.output<typeof stopEvent>;

/** `busy`: another execution has the feed. `running` is answered for a run that somebody else has taken over. */
export const stopStates = [...runStates, 'busy'] as const;
export interface StopAnswer {
  readonly state: (typeof stopStates)[number];
}

/** What is decided on, and with which words. */
const decision = { run: runName, reason: z.string().min(1) };
const guard = z.enum(guardNames).optional();
/** Headers of a signed request to STS, which only STS can verify: who decides is who signed it. */
const proof = z.record(z.string(), z.string());

const waiting = { run: runName, table: z.string().optional(), code: z.string().optional() };

/** What the command line asks the operator function of a pipeline. */
export const operatorEvent = z.discriminatedUnion('command', [
  /** ARN of the state machine. */
  z.object({ command: z.literal('about') }),
  z.object({ command: z.literal('status') }),
  z.object({ command: z.literal('history'), limit: z.int().min(1) }),
  /** How many rows wait in quarantine. */
  z.object({
    command: z.literal('quarantine'),
    run: runName.optional(),
    table: z.string().optional(),
    code: z.string().optional(),
  }),
  /** How the night of this execution ended, or where it stands; null when it opened no run. */
  z.object({ command: z.literal('show'), execution }),
  /** All that is known of a run. */
  z.object({ command: z.literal('detail'), run: runName }),
  /** What the plan of this execution found; null while it is at work. */
  z.object({ command: z.literal('planned'), execution }),
  /** Rows of a quarantine, and their release: done by the execution that has the name which is answered. */
  z.object({ command: z.literal('show-quarantine'), ...waiting, limit: z.int().min(1).max(MAX_SHOWN) }),
  z.object({ command: z.literal('release'), ...waiting, proof }),
  /** Lets a date through that is later than tomorrow, in the execution that has the name which is answered. */
  z.object({ command: z.literal('force'), date, reason: z.string().min(1), proof }),
  /** What such an execution answered; null while it is at work. */
  z.object({
    command: z.literal('answer'),
    execution: z.string().refine((arn) => operatorJobName.safeParse(executionName(arn)).success),
  }),
  z.object({ command: z.literal('approve'), ...decision, guard, proof }),
  z.object({ command: z.literal('reject'), ...decision, proof }),
]);
export type OperatorEvent = z.output<typeof operatorEvent>;

export interface AboutAnswer {
  readonly stateMachine: string;
}

/** Answer to `show-quarantine`, `release` and `force`. */
export interface OperatorJobAsked {
  readonly errand: string;
}

/** What takes a proof of who asks. */
export type Asked = AskedDecision | AskedRelease | AskedForce;

interface AskedForce {
  readonly command: 'force';
  readonly date: string;
  readonly reason: string;
}

interface AskedRelease {
  readonly command: 'release';
  readonly run: string;
  readonly table?: string | undefined;
  readonly code?: string | undefined;
}

interface AskedDecision {
  readonly command: 'approve' | 'reject';
  readonly run: string;
  readonly reason: string;
  /** The only guard that is approved. */
  readonly guard?: GuardName | undefined;
}

/** What a proof is bound to, so that nobody can use it for another request; `operator` is the ARN of the function. */
export function askedOf(operator: string, asked: Asked) {
  if (asked.command === 'force') {
    const { command, date: forced, reason } = asked;
    return { operator, command, date: forced, reason };
  }
  if (asked.command === 'release') {
    const { command, run, table, code } = asked;
    return { operator, command, run, ...(table ? { table } : {}), ...(code ? { code } : {}) };
  }
  const { command, run, reason, guard: only } = asked;
  return { operator, command, run, reason, ...(only ? { guard: only } : {}) };
}

/** What `migrate` is given: the key of the feed document whose tables and logins are to be there. */
export const migrateEvent = z.object({
  feed: feedKey,
  /** New passwords for the logins, also where they have some. */
  renew: z.literal(true).optional(),
  /** Only this: every process has its new login, so the one of before may go. */
  retire: z.literal(true).optional(),
});

/** What CloudFormation gives to `deploy`. */
export const deployProperties = z.object({
  /** Key of the feed document in the lake. */
  feed: feedKey,
  /** Where CDK put the document: bucket and key. Absent at the end of a deployment, which only retires the login of before. */
  assets: z.string().optional(),
  document: z.string().optional(),
  /** Name of the function that migrates. */
  migrate: z.string(),
});
export type DeployProperties = z.output<typeof deployProperties>;

/** Environment of functions and tasks. */
export const environmentNames = {
  bucket: 'NIGHTFEED_BUCKET',
  /** ARN or name of the secret with host, port, dbname, username and password; never a value. */
  databaseSecret: 'NIGHTFEED_DATABASE_SECRET',
  /** migrate only: JSON with the secret of each kind of login; `NIGHTFEED_DATABASE_SECRET` is the owner's there. */
  loginSecrets: 'NIGHTFEED_LOGIN_SECRETS',
  /** migrate only, optional: the secret of the one login that all steps had before. */
  loaderSecret: 'NIGHTFEED_LOADER_SECRET',
  /** Key of the deployed feed document: claim, operator and tasks. */
  feed: 'NIGHTFEED_FEED',
  stage: 'NIGHTFEED_STAGE',
  /** Topic of the messages: claim, guard, notify, stop and operator. */
  topic: 'NIGHTFEED_TOPIC',
  /** Topic of the same messages for chat; optional. */
  chatTopic: 'NIGHTFEED_CHAT_TOPIC',
  run: 'NIGHTFEED_RUN',
  execution: 'NIGHTFEED_EXECUTION',
  scratch: 'NIGHTFEED_SCRATCH',
  /** Name of the Glue job: diff-glue and plan, of feeds that may need Spark. */
  glueJob: 'NIGHTFEED_GLUE_JOB',
  /** Database of the Glue Data Catalog in which tidy shows the tables; optional. */
  catalog: 'NIGHTFEED_CATALOG',
} as const;
