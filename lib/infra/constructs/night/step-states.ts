import type { CustomState } from 'aws-cdk-lib/aws-stepfunctions';
import type { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { type ContainerName, isTask, type TaskName } from '../../../core/workflow/processes.ts';
import {
  type LaterStep,
  laterSteps,
  type NightRow,
  type StepRow,
  stepsOf,
  workflows,
} from '../../../core/workflow/workflows.ts';
import type { Functions } from '../functions.ts';
import type { PipelineContext } from '../pipeline-context.ts';
import type { Tasks } from '../tasks.ts';
import { functionState, runAndOwner } from './function-state.ts';
import { shown } from './shown.ts';
import { taskState } from './task-state.ts';

export interface NightParts {
  readonly context: PipelineContext;
  readonly functions: Functions;
  readonly tasks: Tasks;
}

/** States of a step. */
export interface StepStates {
  readonly begin: LambdaInvoke | CustomState;
  /** The state that has the answer. A container can only exit, so a function asks the ledger how it ended; any other step answers itself. */
  readonly answer: LambdaInvoke;
}

/** The states of all steps on an open run. */
export function stepStates(scope: Construct, parts: NightParts): Readonly<Record<LaterStep, StepStates>> {
  const states = laterSteps.map((step) => [
    step,
    isTask(step) ? ofTask(scope, step, parts) : ofFunction(scope, step, parts),
  ]);
  return Object.fromEntries(states);
}

/** Whether one container does both steps, one after the other. */
export function isShared(step: NightRow, next: NightRow, { context }: NightParts): boolean {
  const { shares }: StepRow = workflows.night[step];
  const { shares: other }: StepRow = workflows.night[next];
  return shares !== undefined && shares === other && context.glueJob === null;
}

/** The container that begins a step. The first of the steps that share one begins theirs; another, begun alone, has its own. */
function containerOf(step: TaskName, { glueJob }: PipelineContext): ContainerName {
  const { shares }: StepRow = workflows.night[step];
  return shares !== undefined && glueJob === null && stepsOf(shares)[0] === step ? shares : step;
}

function ofFunction(scope: Construct, step: Exclude<LaterStep, TaskName>, { functions }: NightParts): StepStates {
  const { state, result, ...more } = shown[step];
  const begin = functionState(scope, state, { ...more, functions, process: step, result });
  return { begin, answer: begin };
}

function ofTask(scope: Construct, step: TaskName, { context, functions, tasks }: NightParts): StepStates {
  const { state, answer: name, result } = shown[step];
  const begin = taskState(scope, state, { context, tasks, process: containerOf(step, context) });
  const answer = functionState(scope, name!, {
    functions,
    process: 'outcome',
    event: { ...runAndOwner, step },
    result,
    comment: `What came of ${step}, from the ledger: a container can only exit`,
  });
  begin.next(answer);
  return { begin, answer };
}
