import { Choice, Condition, type IChainable, JsonPath } from 'aws-cdk-lib/aws-stepfunctions';
import type { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import type { StopAnswer } from '../../../core/cloud/events.ts';
import type { Functions } from '../functions.ts';
import { functionState, runAndOwner } from './function-state.ts';
import type { Outcomes } from './outcomes.ts';

const ERROR = '$.error';
/** The whole object, because AWS gives no cause for some errors, such as States.Timeout, and a path to an absent field fails. */
const caught = JsonPath.objectAt(ERROR);

/** Every error and every early end leads here. The function writes the run's state and message into the ledger, and answers with the outcome. */
export class Stopping {
  readonly #run: LambdaInvoke;
  readonly #unopened: LambdaInvoke;
  /** For a delivery that production holds already. */
  readonly unchanged: LambdaInvoke;

  constructor(scope: Construct, functions: Functions, outcomes: Outcomes, afterCommit: IChainable) {
    const state = (name: string, comment: string, event: Record<string, unknown>) =>
      functionState(scope, name, { functions, process: 'stop', event, result: '$.stopped', comment });
    const stopped = new Choice(scope, 'Stopped?', { comment: 'In which state did the run end?' });
    for (const [answer, next] of Object.entries(stateAfter(outcomes, afterCommit)))
      stopped.when(Condition.stringEquals('$.stopped.state', answer), next);
    this.#run = state('Stop', 'Ends the run in the state of its error, and says so', { ...runAndOwner, error: caught });
    this.#unopened = state('Stop unopened', 'The same, for a run that claim could not open', {
      execution: runAndOwner.execution,
      error: caught,
    });
    this.unchanged = state('Stop unchanged', 'Ends the run: production holds this delivery', {
      ...runAndOwner,
      state: 'unchanged',
    });
    for (const end of [this.#run, this.#unopened, this.unchanged]) end.next(stopped);
  }

  /** Catches every error of these states. */
  catches(...states: { addCatch(handler: IChainable, props: { resultPath: string }): unknown }[]): void {
    for (const state of states) state.addCatch(this.#run, { resultPath: ERROR });
  }

  /** Catches every error of states before a run is open. */
  catchesUnopened(...states: LambdaInvoke[]): void {
    for (const state of states) state.addCatch(this.#unopened, { resultPath: ERROR });
  }
}

function stateAfter(outcomes: Outcomes, afterCommit: IChainable): Record<StopAnswer['state'], IChainable> {
  const { unchanged, held, late, refused, failed, rejected, superseded, busy } = outcomes;
  return {
    unchanged,
    held,
    late,
    refused,
    failed,
    rejected,
    superseded,
    busy,
    // Another process has taken the run over.
    running: busy,
    // The commit succeeded, and only the answer was lost.
    published: afterCommit,
  };
}
