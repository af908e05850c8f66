import { asNightfeedError } from '../core/errors.ts';
import type { RunState } from '../core/run/state.ts';
import type { StepRow } from '../core/workflow/workflows.ts';
import type { Answer, Given, Products, StepContext } from './step-work.ts';

/** The work of each step of a workflow. `round` starts at 1 and grows each time the workflow goes back. */
export type StepsOf<Workflow> = {
  readonly [Step in keyof Workflow]: Workflow[Step] extends StepRow
    ? (given: Given<Workflow[Step]>, round: number) => Promise<Answer<Workflow[Step]>>
    : never;
};

export interface Followed {
  readonly state: RunState;
  readonly left: Partial<Products>;
}

/** Does the steps of a workflow. Each gets the products of earlier steps that it needs. Throws like `walk`. */
export async function follow<Workflow>(workflow: Workflow, steps: StepsOf<Workflow>): Promise<Followed> {
  const works = steps as Readonly<Record<string, AnyWork>>;
  let left: Partial<Products> = {};
  const state = await walk(workflow as AnyWorkflow, async (step, row, round) => {
    const answer = await works[step]!(givenTo(step, row, left), round);
    left = { ...left, ...answer.left };
    return answer.outcome;
  });
  return { state, left };
}

/** The most rounds of a workflow. In each round another delivery may be published meanwhile, so that it goes back. */
const MAX_ROUNDS = 3;

/** Goes from the first step to an end; the answer of each step tells the next one. Throws what a step throws, unless its row has a way for the error. */
export async function walk<Step extends string>(
  workflow: Readonly<Record<Step, StepRow>>,
  take: (step: Step, row: StepRow, round: number) => Promise<string>,
): Promise<RunState> {
  let step = Object.keys(workflow)[0] as Step;
  let round = 1;
  for (;;) {
    const row = workflow[step];
    let way: Way;
    try {
      way = row.ways[await take(step, row, round)]!;
    } catch (thrown) {
      const back = row.back?.[asNightfeedError(thrown).name];
      if (back !== undefined && round < MAX_ROUNDS) {
        round += 1;
        way = back;
      } else if (row.otherwise !== undefined) way = row.otherwise;
      else throw thrown;
    }
    if (typeof way !== 'string') return way.end;
    step = way as Step;
  }
}

/** A step that these ports are enough for. */
export type AnyStep<Uses> = (context: StepContext<Uses>, given: never) => Promise<Answer>;
export type AnySteps<Uses> = Readonly<Record<string, AnyStep<Uses>>>;

/** Steps that a workflow can be followed with. */
export type Bound<Steps> = {
  readonly [Step in keyof Steps]: (given: GivenTo<Steps[Step]>, round: number) => AnswerOf<Steps[Step]>;
};

/** The same steps, each called by `take` in its context. */
export function bound<Uses, Steps extends AnySteps<Uses>>(
  steps: Steps,
  take: (name: string, step: AnyStep<Uses>, given: never, round: number) => Promise<Answer>,
): Bound<Steps> {
  const named = Object.entries<AnyStep<Uses>>(steps).map(([name, step]) => [
    name,
    (given: never, round: number) => take(name, step, given, round),
  ]);
  return Object.fromEntries(named) as Bound<Steps>;
}

type GivenTo<Step> = Step extends (context: never, given: infer Given) => unknown ? Given : never;
type AnswerOf<Step> = Step extends (context: never, given: never) => infer Answer ? Answer : never;

type AnyWorkflow = Readonly<Record<string, StepRow>>;
type Way = StepRow['ways'][string];
type AnyWork = (given: Partial<Products>, round: number) => Promise<Answer>;

/** The products that the step's row needs or can use. */
function givenTo(step: string, { needs, uses = [] }: StepRow, left: Partial<Products>): Partial<Products> {
  const missing = needs.filter((product) => left[product] === undefined);
  if (missing.length > 0) throw new Error(`${step} needs ${missing.join(', ')}, which no step before it left`);
  const usable = uses.filter((product) => left[product] !== undefined);
  return Object.fromEntries([...needs, ...usable].map((product) => [product, left[product]]));
}
