import { z } from 'zod';
import { isBusinessDate } from '../feed/business-date.ts';
import { type GuardName, guardNames } from '../guards/guard-names.ts';
import { parseFeedKey, parseRunName } from '../run/keys.ts';
import type { Removed } from '../run/removal.ts';
import { runStates } from '../run/state.ts';
import { taskNames } from '../workflow/processes.ts';
import { executionName, MAX_SHOWN, operatorJobKinds, operatorJobName } from './operator-job.ts';

/** Inputs and answers of functions and tasks in the cloud. */

const runName = z
  .string()
  .refine((name) => parseRunName(name) !== undefined, 'expected a run such as catalog/2026-11-20');
const instant = z.iso.datetime({ offset: true });
const date = z.string().refine(isBusinessDate, 'expected a day such as 2026-11-20');
/** ARN of a state machine's execution: the owner of a run. */
const execution = z.string().min(1);

/** Key of a feed document in the lake. */
export const feedKey = z
  .string()
  .refine((key) => parseFeedKey(key) !== undefined, 'expected the key of a feed document');

/**
 * Input of an execution. `{}` means tonight's run of the deployed feed. Anybody who may start executions writes it, so it chooses
 * what runs, but never the rules.
 */
const executionInput = z.object({
  /** Key of the feed document. Any other than the deployed one is refused. */
  feed: feedKey.optional(),
  /** Scheduled time. It decides the business date, however late the execution starts. */
  scheduledTime: instant.optional(),
  /** From the schedule for days on which the clocks skip `schedule.at`: how many hours after it the scheduled time is. */
  hoursLater: z.int().min(1).max(23).optional(),
  /** The business date itself. */
  date: date.optional(),
  /** What an event says of a delivery that came: when, and its date or the key of an object, if it says so. */
  announced: z.object({ at: instant, key: z.string().optional(), date: date.optional() }).optional(),
  /** Refused, because nothing proves the name in it. */
  force: z.unknown().optional(),
  /** Lets through the date of the operator job that has this execution's name. */
  forced: z.literal(true).optional(),
  /** An approved run that continues with what it pulled, under its own feed document. */
  resumes: runName.optional(),
  /** Only a plan: claims nothing, publishes nothing. */
  plan: z.literal(true).optional(),
  /** Kind of the operator job that has this execution's name. */
  errand: z.enum(operatorJobKinds).optional(),
});
export type ExecutionInput = z.output<typeof executionInput>;

/** Whether the source still shows what a settled run saw, or, for a run that is not settled, whether a delivery is there whole. */
const lookAnswer = z.object({ run: runName, outcome: z.enum(['same', 'new', 'whole', 'incomplete']) });
export type LookAnswer = z.output<typeof lookAnswer>;

/** `$$.Execution.Input`, `$$.Execution.Id` and `$$.Execution.StartTime`. The input is a field of its own, because JSONPath cannot merge fields that may be absent. */
export const claimEvent = z.object({
  input: executionInput,
  execution,
  started: instant,
  /** false before anybody looked. Absent from the state machine of an older version, which has no state for a look. */
  looked: z.union([z.literal(false), lookAnswer]).optional(),
  /** Outcomes for which the state machine has a branch. Absent from the state machine of an older version, which has those of `everKnown`. */
  knows: z.array(z.string()).readonly().optional(),
});
export type ClaimEvent = z.output<typeof claimEvent>;
/**
 * `opened`: continue. `plan`, `show`, `audit`, `release`: run that. `not-due`: another time of the schedule starts this night. `running`: it
 * was started before. `holiday`: nothing is expected, and production holds the night before; `holiday-behind`: it does not. `awaited`: a delivery was announced that is not whole, or not for now. `settled`: the date is over, or `announced`:
 * look at the source, and claim again with the answer. Any other is the state in which the date is over, and the source shows nothing new.
 */
export interface ClaimAnswer {
  readonly run: string;
  readonly outcome: (typeof claimOutcomes)[number];
}

/** Those for which every state machine has a branch. */
export const everKnown = [
  ...(['opened', 'plan', 'show', 'release'] as const),
  ...(['settled', 'unchanged', 'held', 'rejected', 'superseded'] as const),
];
export const claimOutcomes = [
  ...everKnown,
  ...(['audit', 'not-due', 'running', 'awaited', 'announced', 'holiday', 'holiday-behind'] as const),
] as const;

/** Input of every step after claim; tasks get it as NIGHTFEED_RUN and NIGHTFEED_EXECUTION. */
export const stepEvent = z.object({ run: runName, execution });
export type StepEvent = z.output<typeof stepEvent>;

/** Answer of a step that succeeded. Everything else is thrown, under a name of errors.ts. */
export type StepOutcome =
  | { readonly outcome: 'arrived' }
  | { readonly outcome: 'waiting'; readonly seconds: number }
  /** What has to compare its tables: a task, or Spark. Absent when an older version pulled. */
  | { readonly outcome: 'pulled'; readonly engine?: 'local' | 'spark' }
  | { readonly outcome: 'compared' }
  /** Production holds exactly this delivery already. */
  | { readonly outcome: 'unchanged' }
  | { readonly outcome: 'pass' }
  /** The ledger and people were told. */
  | { readonly outcome: 'held' }
  | { readonly outcome: 'published' }
  | { readonly outcome: 'told'; readonly sent: number }
  /** What the feed file's `keep` removed, by zone; absent when there was nothing. */
  | { readonly outcome: 'tidied'; readonly removed?: Removed };

/** Reads a task's outcome from the ledger, or throws its named error. */
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

/** `busy`: another execution has the feed. `running`: somebody else has taken the run over. */
export const stopStates = [...runStates, 'busy'] as const;
export interface StopAnswer {
  readonly state: (typeof stopStates)[number];
}

/** A decision and its reason. */
const decision = { run: runName, reason: z.string().min(1) };
const guard = z.enum(guardNames).optional();
/** Headers of a signed request to STS. Only STS can verify them, and it names who signed: that is who decides. */
const proof = z.record(z.string(), z.string());

const waiting = { run: runName, table: z.string().optional(), code: z.string().optional() };

/** What the command line asks a pipeline's function reader, which cannot decide. */
const questions = [
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
  /** State of this execution's run; null when it opened none. */
  z.object({ command: z.literal('show'), execution }),
  /** All that is known of a run. */
  z.object({ command: z.literal('detail'), run: runName }),
  /** Result of this execution's plan; null while it is at work. */
  z.object({ command: z.literal('planned'), execution }),
] as const;
export const readerEvent = z.discriminatedUnion('command', questions);
export type ReaderEvent = z.output<typeof readerEvent>;

/** Whether the function reader answers it. */
export function isQuestion(event: OperatorEvent): event is ReaderEvent {
  return questions.some(({ shape }) => shape.command.value === event.command);
}

/** What it asks the function operator. An older command line asks it everything. */
export const operatorEvent = z.discriminatedUnion('command', [
  ...questions,
  /** Shows or releases quarantined rows. The answer names the execution that does it. */
  z.object({
    command: z.literal('show-quarantine'),
    ...waiting,
    limit: z.int().min(1).max(MAX_SHOWN),
    places: z.boolean().exactOptional(),
  }),
  z.object({ command: z.literal('release'), ...waiting, proof }),
  /** Compares production, ledger and lake. The answer names the execution that does it. */
  z.object({ command: z.literal('audit') }),
  /** Lets through a date later than tomorrow. The answer names the execution that does it. */
  z.object({ command: z.literal('force'), date, reason: z.string().min(1), proof }),
  /** Answer of such an execution; null while it is at work. */
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

/** Answer to `show-quarantine`, `audit`, `release` and `force`. */
export interface OperatorJobAsked {
  readonly errand: string;
}

/** Requests that need a proof of who asks. */
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

/** The text that a proof is bound to, so that it cannot be used for another request. `operator` is the ARN of the function. */
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
