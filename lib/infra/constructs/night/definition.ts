import { Choice, Condition, type IChainable, JsonPath, Wait, WaitTime } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { ClaimAnswer, StepOutcome } from '../../../core/cloud/events.ts';
import type { ErrorName } from '../../../core/errors.ts';
import type { TaskName } from '../../../core/run/steps.ts';
import { FUNCTION_TIMEOUT, stepTimeouts } from '../../../core/run/timeouts.ts';
import type { Functions } from '../functions.ts';
import type { PipelineContext } from '../pipeline-context.ts';
import type { Tasks } from '../tasks.ts';
import { functionState, runAndOwner } from './function-state.ts';
import { Outcomes } from './outcomes.ts';
import { busyRetry } from './retries.ts';
import { Stopping } from './stopping.ts';
import { taskState } from './task-state.ts';

export interface NightParts {
  readonly context: PipelineContext;
  readonly functions: Functions;
  readonly tasks: Tasks;
}

/** claim → arrive → pull → diff → guard → publish → notify → tidy, as lib/workflows/night.ts has it. */
export function nightDefinition(scope: Construct, parts: NightParts): IChainable {
  const {
    claim,
    look,
    claimAgain,
    arrive,
    pull,
    pulled,
    diff,
    diffOnGlue,
    compared,
    guard,
    publish,
    committed,
    notify,
    tidy,
    tidied,
    plan,
    show,
    release,
  } = stepStates(scope, parts);
  const outcomes = new Outcomes(scope);
  const stopping = new Stopping(scope, parts.functions.stop, outcomes, notify);

  const opened = choice<ClaimAnswer['outcome']>(scope, 'Opened?', '$.outcome', 'Is there a run to work on?', {
    opened: arrive,
    plan,
    show,
    release,
    settled: look,
    unchanged: outcomes.unchanged,
    held: outcomes.held,
    rejected: outcomes.rejected,
    superseded: outcomes.superseded,
  });
  for (const state of [claim, claimAgain]) {
    state.addRetry(busyRetry);
    state.next(opened);
  }
  look.next(claimAgain);
  arrive.next(
    choice<OutcomeOf<'arrived' | 'waiting'>>(scope, 'Arrived?', '$.arrival.outcome', 'Is the delivery complete?', {
      arrived: pull,
      waiting: waitFor(scope, '$.arrival.seconds').next(arrive),
    }),
  );
  diff.next(compared);
  const compare = diffOnGlue
    ? choice<'local' | 'spark'>(scope, 'Large?', '$.pulled.engine', 'Does one task hold it?', {
        local: diff,
        spark: diffOnGlue.next(compared),
      })
    : diff;
  pull.next(pulled).next(compare);
  compared.next(
    choice<OutcomeOf<'compared' | 'unchanged'>>(scope, 'Changed?', '$.comparison.outcome', 'Does production differ?', {
      compared: guard,
      unchanged: stopping.unchanged,
    }),
  );
  guard.next(
    choice<OutcomeOf<'pass' | 'held'>>(scope, 'Pass?', '$.judgement.outcome', 'May it be published?', {
      pass: publish,
      held: outcomes.held,
    }),
  );
  publish.next(committed).next(notify).next(tidy).next(tidied).next(outcomes.published);
  plan.next(outcomes.planned);
  for (const job of [show, release]) job.next(outcomes.answered);

  stopping.catchesUnopened(claim, look, claimAgain);
  // Another delivery was published meanwhile: compare with what production holds now.
  committed.addCatch(compare, { errors: ['BASE_MOVED' satisfies ErrorName], resultPath: '$.error' });
  stopping.catches(arrive, pull, pulled, diff, compared, guard, publish, committed);
  if (diffOnGlue) stopping.catches(diffOnGlue);
  // What is published stays published: messages wait in the outbox, and the next night tidies up.
  notify.addCatch(tidy, { resultPath: '$.error' });
  for (const state of [tidy, tidied]) state.addCatch(outcomes.published, { resultPath: '$.error' });
  // A plan and an operator job have no run that could be stopped; the rule on failed executions releases that of a release.
  for (const state of [plan, show, release]) state.addCatch(outcomes.failed, { resultPath: '$.error' });
  return claim;
}

/** Names are what the console shows, from top to bottom. */
function stepStates(scope: Construct, { context, functions, tasks }: NightParts) {
  const call = (name: string, step: 'arrive' | 'guard' | 'notify', result: string, comment: string) =>
    functionState(scope, name, {
      function: functions[step],
      event: runAndOwner,
      result,
      comment,
      timeout: stepTimeouts[step],
    });
  const claim = (name: string, looked: unknown, comment: string) =>
    functionState(scope, name, {
      function: functions.claim,
      event: { ...wholeExecution, looked },
      result: '$',
      comment,
      timeout: stepTimeouts.claim,
    });
  const run = (name: string, process: TaskName | 'diff-glue', comment: string, step: TaskName = process as TaskName) =>
    taskState(scope, name, { context, tasks, process, comment, timeout: stepTimeouts[step] });
  const outcome = (name: string, step: TaskName, result: string) =>
    functionState(scope, name, {
      function: functions.outcome,
      event: { ...runAndOwner, step },
      result,
      comment: `What came of ${step}, from the ledger: a container can only exit`,
      timeout: FUNCTION_TIMEOUT,
    });
  return {
    claim: claim('Claim', false, 'Opens, reopens or takes over the run'),
    look: functionState(scope, 'Look', {
      function: functions.look,
      event: runAndOwner,
      result: '$',
      comment: 'Looks whether the source shows anything new of a date that is over',
      timeout: stepTimeouts.arrive,
    }),
    claimAgain: claim('Claim again', JsonPath.objectAt('$'), 'The same, with what the source shows'),
    arrive: call('Arrive', 'arrive', '$.arrival', 'Looks whether the delivery is complete'),
    pull: run('Pull', 'pull', 'Streams every file to the lake, proved whole'),
    pulled: outcome('Pulled', 'pull', '$.pulled'),
    diff: run('Diff', 'diff', 'Computes the change set'),
    // A delivery that no task holds. Its container prepares the files, starts the Glue job and waits for it.
    diffOnGlue:
      context.glueJob === null ? null : run('Diff on Glue', 'diff-glue', 'Has Spark compute the change set', 'diff'),
    compared: outcome('Compared', 'diff', '$.comparison'),
    guard: call('Guard', 'guard', '$.judgement', 'Lets the change set pass, or holds it'),
    publish: run('Publish', 'publish', 'Applies the change set in one transaction'),
    committed: outcome('Committed', 'publish', '$.published'),
    notify: call('Notify', 'notify', '$.told', 'Relays the messages'),
    tidy: run('Tidy', 'tidy', 'Writes current Parquet, removes what nobody needs'),
    tidied: outcome('Tidied', 'tidy', '$.tidied'),
    plan: taskState(scope, 'Plan', {
      context,
      tasks,
      process: 'plan',
      comment: 'Says what the night would do',
      timeout: stepTimeouts.pull + stepTimeouts.diff,
    }),
    show: taskState(scope, 'Show', {
      context,
      tasks,
      process: 'show',
      comment: 'Reads rows that wait in quarantine, for whoever asked the operator',
      timeout: stepTimeouts.tidy,
    }),
    release: taskState(scope, 'Release', {
      context,
      tasks,
      process: 'release',
      comment: 'Publishes quarantined rows that the deployed feed can read, for whoever asked the operator',
      timeout: stepTimeouts.diff + stepTimeouts.publish,
    }),
  };
}

/** All of the input is optional, and JSONPath cannot pick what may be absent. */
const wholeExecution = {
  input: JsonPath.objectAt('$$.Execution.Input'),
  execution: JsonPath.stringAt('$$.Execution.Id'),
  started: JsonPath.stringAt('$$.Execution.StartTime'),
};

type OutcomeOf<Name extends StepOutcome['outcome']> = Name;

/** A way for every answer there is. Any other is a fault of ours, and ends the execution at once. */
function choice<Answer extends string>(
  scope: Construct,
  name: string,
  path: string,
  comment: string,
  ways: Readonly<Record<Answer, IChainable>>,
): Choice {
  const state = new Choice(scope, name, { comment });
  for (const [answer, next] of Object.entries<IChainable>(ways)) state.when(Condition.stringEquals(path, answer), next);
  return state;
}

function waitFor(scope: Construct, path: string): Wait {
  return new Wait(scope, 'Wait', { time: WaitTime.secondsPath(path), comment: 'The vendor is not ready yet' });
}
