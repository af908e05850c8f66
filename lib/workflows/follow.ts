import { asNightfeedError } from '../core/errors.ts';
import type { RunState } from '../core/run/state.ts';
import type { StepRow } from '../core/workflow/workflows.ts';
import type { Answer, Given, Products, StepContext } from './step-work.ts';

/** What each step of a workflow does; `round` is 1, and one more each time that the workflow went back. */
export type StepsOf<Workflow> = {
  readonly [Step in keyof Workflow]: Workflow[Step] extends StepRow
    ? (given: Given<Workflow[Step]>, round: number) => Promise<Answer<Workflow[Step]>>
    : never;
};

export interface Followed {
  readonly state: RunState;
  readonly left: Partial<Products>;
}

/** Takes the steps of a workflow, each with what it needs of what those before it left. Throws as `walk` does. */
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

/** How often another delivery may be published under our feet before we give up. */
const MAX_ROUNDS = 3;

/** From the first step to an end, the way that each answer shows. Throws what a step throws, unless its row has a way for it. */
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

export type AnyStep = (context: StepContext, given: never) => Promise<Answer>;
export type AnySteps = Readonly<Record<string, AnyStep>>;

/** Steps that a workflow can be followed with. */
export type Bound<Steps extends AnySteps> = {
  readonly [Step in keyof Steps]: (given: GivenTo<Steps[Step]>, round: number) => ReturnType<Steps[Step]>;
};

/** Has `take` call each step in its context. */
export function bound<Steps extends AnySteps>(
  steps: Steps,
  take: (name: string, step: AnyStep, given: never, round: number) => Promise<Answer>,
): Bound<Steps> {
  const named = Object.entries<AnyStep>(steps).map(([name, step]) => [
    name,
    (given: never, round: number) => take(name, step, given, round),
  ]);
  return Object.fromEntries(named) as Bound<Steps>;
}

type GivenTo<Step> = Step extends (context: StepContext, given: infer Given) => unknown ? Given : never;

type AnyWorkflow = Readonly<Record<string, StepRow>>;
type Way = StepRow['ways'][string];
type AnyWork = (given: Partial<Products>, round: number) => Promise<Answer>;

/** Only what the row says that it needs, or can use. */
function givenTo(step: string, { needs, uses = [] }: StepRow, left: Partial<Products>): Partial<Products> {
  const missing = needs.filter((product) => left[product] === undefined);
  if (missing.length > 0) throw new Error(`${step} needs ${missing.join(', ')}, which no step before it left`);
  const usable = uses.filter((product) => left[product] !== undefined);
  return Object.fromEntries([...needs, ...usable].map((product) => [product, left[product]]));
}
