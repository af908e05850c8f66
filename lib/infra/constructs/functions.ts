import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { FUNCTION_TIMEOUT, stepTimeouts } from '../../core/run/timeouts.ts';
import type { PipelineContext } from './pipeline-context.ts';
import { pipelineFunction } from './pipeline-function.ts';

/** What the state machine, the failure rule and the command line call. */
export class Functions extends Construct {
  readonly claim: IFunction;
  readonly look: IFunction;
  readonly arrive: IFunction;
  readonly guard: IFunction;
  readonly notify: IFunction;
  readonly outcome: IFunction;
  readonly stop: IFunction;
  readonly operator: IFunction;

  constructor(scope: Construct, id: string, context: PipelineContext) {
    super(scope, id);
    const make = (
      name: 'claim' | 'look' | 'arrive' | 'guard' | 'notify' | 'outcome' | 'stop' | 'operator',
      timeout: number,
      description: string,
    ) => pipelineFunction(new Construct(this, name), name, context, { timeout, description });
    this.claim = make('claim', stepTimeouts.claim, 'opens the run');
    this.look = make('look', stepTimeouts.arrive, 'looks whether the source shows anything new of a date that is over');
    this.arrive = make('arrive', stepTimeouts.arrive, 'looks whether the delivery is complete');
    this.guard = make('guard', stepTimeouts.guard, 'lets the change set pass, or holds it');
    this.notify = make('notify', stepTimeouts.notify, 'relays messages');
    this.outcome = make('outcome', FUNCTION_TIMEOUT, 'says what came of a task');
    this.stop = make('stop', FUNCTION_TIMEOUT, 'ends a run that cannot go on, and says so');
    this.operator = make('operator', FUNCTION_TIMEOUT, 'answers the command line');
  }

  get all(): IFunction[] {
    return [this.claim, this.look, this.arrive, this.guard, this.notify, this.outcome, this.stop, this.operator];
  }
}
