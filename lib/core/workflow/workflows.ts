import type { ErrorName } from '../errors.ts';
import type { RunState } from '../run/state.ts';

/** What a step leaves for later ones. lib/workflows/step-work.ts says of which type each is. */
export type Product =
  | 'settled'
  | 'looked'
  | 'arrival'
  | 'pulled'
  | 'observed'
  | 'changes'
  | 'judgement'
  | 'written'
  | 'adoption';

/** Where an answer leads: to a step, or to the state in which the run ends. */
type Way<Step extends string = string> = Step | { readonly end: RunState };

/** A step of a workflow. */
export interface StepRow<Step extends string = string> {
  readonly needs: readonly Product[];
  /** Given where the same process has it: it lies in memory, and the step can do without. */
  readonly uses?: readonly Product[];
  readonly leaves: readonly Product[];
  /** By answer. */
  readonly ways: Readonly<Record<string, Way<Step>>>;
  /** Errors after which an earlier step may find a way. */
  readonly back?: Readonly<Partial<Record<ErrorName, Step>>>;
  /** Where any other error leads; unless given, the run ends in the error's state. */
  readonly otherwise?: Way<Step>;
  /** On AWS, the process that does this step and others with the same word. Unless given, the step has a process of its own. */
  readonly shares?: SharedProcess;
}

/** Processes of several steps, in which a step can use what an earlier one has in memory. */
export type SharedProcess = 'intake';

/** Each way leads to a step of the same workflow, or to an end. */
const workflow = <const Rows extends { readonly [Step in keyof Rows]: StepRow<keyof Rows & string> }>(rows: Rows) =>
  rows;

/** From the vendor's files to a change set. */
const beforeGuard = {
  // A process that cannot wait answers `waiting`.
  arrive: { needs: [], leaves: ['arrival'], ways: { arrived: 'pull', waiting: 'arrive' } },
  // A job of Spark's compares the whole delivery once it has landed. Where there may be one, these two share no process.
  pull: { needs: ['arrival'], leaves: ['pulled', 'observed'], ways: { pulled: 'diff' }, shares: 'intake' },
  diff: {
    needs: ['pulled'],
    uses: ['observed'],
    leaves: ['changes'],
    ways: { compared: 'guard', unchanged: { end: 'unchanged' } },
    shares: 'intake',
  },
} as const;

/** What is published stays published: messages wait in the outbox, and the next run tidies up. */
const afterCommit = {
  notify: { needs: [], leaves: [], ways: { told: 'tidy' }, otherwise: 'tidy' },
  tidy: { needs: ['changes'], leaves: [], ways: { tidied: { end: 'published' } }, otherwise: { end: 'published' } },
} as const;

/**
 * Every workflow, step by step. A laptop follows its rows in one process (lib/workflows/follow.ts). On AWS each step of the night is a
 * process (lib/cloud/run-step.ts), unless it shares one, and CDK makes the state machine of the same rows (lib/infra/constructs/night); a
 * container does the others whole. What each process may do, and for how long, is in processes.ts.
 */
export const workflows = {
  /** A delivery, from the vendor into production. Claim opens the run, which every later step is given. */
  night: workflow({
    claim: {
      needs: [],
      uses: ['looked'],
      leaves: ['settled'],
      ways: {
        opened: 'arrive',
        // The date is over. Claim decides, so it does not meet the vendor: it is told what a look at the source says.
        settled: 'look',
        unchanged: { end: 'unchanged' },
        held: { end: 'held' },
        rejected: { end: 'rejected' },
        superseded: { end: 'superseded' },
      },
    },
    look: {
      needs: ['settled'],
      leaves: ['looked'],
      // The last two are answers about a delivery that an event announced.
      ways: { same: 'claim', new: 'claim', whole: 'claim', incomplete: 'claim' },
    },
    ...beforeGuard,
    guard: { needs: ['changes', 'arrival'], leaves: ['judgement'], ways: { pass: 'publish', held: { end: 'held' } } },
    publish: {
      needs: ['changes', 'judgement'],
      leaves: ['written'],
      ways: { published: 'notify' },
      // Another delivery was published meanwhile: compare with what production holds now.
      back: { BASE_MOVED: 'diff' },
    },
    ...afterCommit,
  }),
  /** What the night would do. It opens no run. */
  plan: workflow({
    ...beforeGuard,
    guard: {
      needs: ['changes', 'arrival'],
      leaves: ['judgement'],
      ways: { pass: { end: 'published' }, held: { end: 'held' } },
    },
  }),
  /** Rows of a quarantine that today's feed file reads, over what production holds. */
  release: workflow({
    claim: { needs: [], leaves: [], ways: { opened: 'diff' } },
    diff: { needs: [], leaves: ['changes'], ways: { compared: 'guard' } },
    guard: { needs: ['changes'], leaves: ['judgement'], ways: { pass: 'publish', held: { end: 'held' } } },
    publish: { needs: ['changes', 'judgement'], leaves: ['written'], ways: { published: 'notify' } },
    ...afterCommit,
  }),
  /** Tables that are in production already, as the base of the nights to come. */
  adopt: workflow({
    export: { needs: [], leaves: ['adoption'], ways: { exported: 'publish' } },
    publish: { needs: ['adoption'], leaves: [], ways: { published: 'notify' } },
    notify: { needs: [], leaves: [], ways: { told: { end: 'published' } } },
  }),
} as const;

/** The steps of a night, in order. A look is not among them, because it comes before there is a run. */
export type StepName = Exclude<NightRow, 'look'>;
export const stepNames = (Object.keys(workflows.night) as NightRow[]).filter((row): row is StepName => row !== 'look');
export type NightRow = keyof (typeof workflows)['night'];

/** Steps that work on an open run. */
export type LaterStep = Exclude<StepName, 'claim'>;
export const laterSteps = stepNames.filter((step): step is LaterStep => step !== 'claim');

/** The steps of the night that share a process, in order. */
export function stepsOf(process: SharedProcess): LaterStep[] {
  return laterSteps.filter((step) => (workflows.night[step] as StepRow).shares === process);
}
