import { Choice, Condition, type IChainable, JsonPath, Wait, WaitTime } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import { type ClaimAnswer, claimOutcomes } from '../../../core/cloud/events.ts';
import { containerOfJob, type JobContainer } from '../../../core/cloud/operator-job.ts';
import {
  type LaterStep,
  laterSteps,
  type NightRow,
  type StepRow,
  workflows,
} from '../../../core/workflow/workflows.ts';
import { functionState } from './function-state.ts';
import { Outcomes } from './outcomes.ts';
import { shown } from './shown.ts';
import { isShared, type NightParts, type StepStates, stepStates } from './step-states.ts';
import { Stopping } from './stopping.ts';
import { taskState } from './task-state.ts';

type Way = StepRow<NightRow>['ways'][string];

/** The rows of the night in lib/core/workflow/workflows.ts, as states. */
export function nightDefinition(scope: Construct, parts: NightParts): IChainable {
  const outcomes = new Outcomes(scope);
  const states = stepStates(scope, parts);
  const stopping = new Stopping(scope, parts.functions, outcomes, states.notify.begin);
  const { begin: compare, alsoCatch } = comparison(scope, parts, states.diff);
  const claims = claimStates(scope, parts, stopping);
  const begins: Readonly<Record<string, IChainable>> = { claim: claims.again, look: claims.look, diff: compare };
  const beginOf = (row: NightRow): IChainable => begins[row] ?? states[row as LaterStep].begin;
  const target = (row: NightRow, way: Way): IChainable => {
    if (way === row) return waitFor(scope, `${shown[row as LaterStep].result}.seconds`).next(beginOf(row));
    if (typeof way === 'string') return isShared(row, way, parts) ? states[way as LaterStep].answer : beginOf(way);
    // Diff reads the vendor's bytes, so it may not end a run itself.
    return row === 'diff' && way.end === 'unchanged' ? stopping.unchanged : outcomes[way.end as keyof Outcomes];
  };
  const targets = <Row extends NightRow>(row: Row) =>
    Object.fromEntries(
      Object.entries<Way>(workflows.night[row].ways).map(([answer, way]) => [answer, target(row, way)]),
    ) as Record<keyof (typeof workflows.night)[Row]['ways'], IChainable>;

  for (const step of laterSteps) {
    const { begin, answer } = states[step];
    const { back = {}, otherwise }: StepRow<NightRow> = workflows.night[step];
    answer.next(choice(scope, step, targets(step)));
    for (const [error, to] of Object.entries(back))
      answer.addCatch(beginOf(to), { errors: [error], resultPath: '$.error' });
    const all = begin === answer ? [begin] : [begin, answer];
    if (otherwise === undefined) stopping.catches(...all);
    else for (const state of all) state.addCatch(target(step, otherwise), { resultPath: '$.error' });
  }
  stopping.catches(...alsoCatch);
  claims.look.next(onlyOf(targets('look')));
  const opened = opening(scope, parts, outcomes, targets('claim'));
  for (const state of [claims.first, claims.again]) state.next(opened);
  return claims.first;
}

/** Where the feed may need Spark: a delivery that no container can hold goes to Spark. Pull answers whether it is such a one. */
function comparison(scope: Construct, { context, tasks }: NightParts, { begin, answer }: StepStates) {
  if (context.glueJob === null) return { begin, alsoCatch: [] };
  const onGlue = taskState(scope, 'Diff on Glue', { context, tasks, process: 'diff-glue' });
  const ways = { local: begin, spark: onGlue.next(answer) };
  return { begin: choose(scope, ['Large?', 'Does one task hold it?'], '$.pulled.engine', ways), alsoCatch: [onGlue] };
}

/** Claim; the function Look, which asks the vendor what the source shows; and claim with its answer. */
function claimStates(scope: Construct, { functions }: NightParts, stopping: Stopping) {
  const claim = (name: string, looked: unknown, comment: string) =>
    functionState(scope, name, {
      functions,
      process: 'claim',
      event: { ...wholeExecution, looked, knows: claimOutcomes },
      result: shown.claim.result,
      comment,
    });
  const first = claim(shown.claim.state, false, shown.claim.comment!);
  const again = claim('Claim again', JsonPath.objectAt('$'), 'The same, with what the source shows');
  const look = functionState(scope, 'Look', { functions, process: 'look', result: '$' });
  stopping.catchesUnopened(first, look, again);
  return { first, again, look };
}

/** The choice after claim: the night goes on or has ended, or the execution was started for something else. */
function opening(
  scope: Construct,
  { context, tasks }: NightParts,
  outcomes: Outcomes,
  { opened, ...over }: Readonly<Record<keyof (typeof workflows.night.claim)['ways'], IChainable>>,
): Choice {
  const whole = (state: string, process: 'plan' | JobContainer, after: IChainable) => {
    const container = taskState(scope, state, { context, tasks, process });
    // It has no open run to stop. The run of a release is ended by the rule on failed executions.
    container.addCatch(outcomes.failed, { resultPath: '$.error' });
    return container.next(after);
  };
  const answers: Readonly<Record<ClaimAnswer['outcome'], IChainable>> = {
    opened,
    plan: whole('Plan', 'plan', outcomes.planned),
    show: whole('Show', containerOfJob.show, outcomes.answered),
    audit: whole('Audit', containerOfJob.audit, outcomes.answered),
    release: whole('Release', containerOfJob.release, outcomes.answered),
    'not-due': outcomes.notDue,
    holiday: outcomes.holiday,
    'holiday-behind': outcomes.holidayBehind,
    running: outcomes.running,
    awaited: outcomes.awaited,
    announced: over.settled,
    ...over,
  };
  return choose(scope, shown.claim.choice!, '$.outcome', answers);
}

/** The whole input is passed on, because all of it is optional and JSONPath cannot select what may be absent. */
const wholeExecution = {
  input: JsonPath.objectAt('$$.Execution.Input'),
  execution: JsonPath.stringAt('$$.Execution.Id'),
  started: JsonPath.stringAt('$$.Execution.StartTime'),
};

/** The next state after a step: the only one, or a choice between several. */
function choice(scope: Construct, step: LaterStep, ways: Readonly<Record<string, IChainable>>): IChainable {
  const { choice: asked, result } = shown[step];
  return asked ? choose(scope, asked, `${result}.outcome`, ways) : onlyOf(ways);
}

/** The next state, where all answers lead to the same one. */
function onlyOf(ways: Readonly<Record<string, IChainable>>): IChainable {
  return Object.values(ways)[0]!;
}

/** A choice with a branch for every answer. Any other answer is a bug, and ends the execution. */
function choose(
  scope: Construct,
  [name, comment]: readonly [name: string, question: string],
  path: string,
  ways: Readonly<Record<string, IChainable>>,
): Choice {
  const state = new Choice(scope, name, { comment });
  for (const [answer, next] of Object.entries(ways)) state.when(Condition.stringEquals(path, answer), next);
  return state;
}

function waitFor(scope: Construct, path: string): Wait {
  return new Wait(scope, 'Wait', { time: WaitTime.secondsPath(path), comment: 'The vendor is not ready yet' });
}
