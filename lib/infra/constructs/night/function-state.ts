import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { JsonPath, TaskInput, Timeout } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { functionRetries } from './retries.ts';

/** Which run, and who asks: what every step after claim is told. */
export const runAndOwner = { run: JsonPath.stringAt('$.run'), execution: JsonPath.stringAt('$$.Execution.Id') };

interface FunctionStateProps {
  readonly function: IFunction;
  readonly event: Record<string, unknown>;
  /** Where the answer goes; `$` replaces everything. */
  readonly result: string;
  readonly comment: string;
  /** Seconds that the function has. */
  readonly timeout: number;
}

/** Starting a function takes a moment, so its own timeout speaks first. */
const START_SECONDS = 15;

export function functionState(scope: Construct, name: string, props: FunctionStateProps): LambdaInvoke {
  const state = new LambdaInvoke(scope, name, {
    lambdaFunction: props.function,
    payload: TaskInput.fromObject(props.event),
    payloadResponseOnly: true,
    resultPath: props.result,
    comment: props.comment,
    taskTimeout: Timeout.duration(Duration.seconds(props.timeout + START_SECONDS)),
    retryOnServiceExceptions: false,
  });
  for (const retry of functionRetries) state.addRetry(retry);
  return state;
}
