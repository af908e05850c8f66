import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { FunctionName } from '../../core/workflow/processes.ts';
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
  readonly reader: IFunction;
  readonly operator: IFunction;

  constructor(scope: Construct, id: string, context: PipelineContext) {
    super(scope, id);
    const make = (name: FunctionName) => pipelineFunction(new Construct(this, name), name, context);
    this.claim = make('claim');
    this.look = make('look');
    this.arrive = make('arrive');
    this.guard = make('guard');
    this.notify = make('notify');
    this.outcome = make('outcome');
    this.stop = make('stop');
    this.reader = make('reader');
    this.operator = make('operator');
  }

  get all(): IFunction[] {
    const { claim, look, arrive, guard, notify, outcome, stop, reader, operator } = this;
    return [claim, look, arrive, guard, notify, outcome, stop, reader, operator];
  }
}
