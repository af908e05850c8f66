import { Duration } from 'aws-cdk-lib';
import { JsonPath, TaskInput, Timeout } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import { type FunctionName, processes } from '../../../core/workflow/processes.ts';
import type { Functions } from '../functions.ts';
import { retriesOf } from './retries.ts';
import { sentence } from './shown.ts';

/** What every step after claim gets: the run, and the execution that owns it. */
export const runAndOwner = { run: JsonPath.stringAt('$.run'), execution: JsonPath.stringAt('$$.Execution.Id') };

interface FunctionStateProps {
  readonly functions: Functions;
  readonly process: Exclude<FunctionName, 'migrate' | 'deploy'>;
  readonly event?: Record<string, unknown>;
  /** Where the answer goes; `$` replaces the whole state. */
  readonly result: string;
  /** A comment for the console, instead of the one in the table of processes. */
  readonly comment?: string;
}

/** Added for the start of the function, so that the function's own timeout comes first. */
const START_SECONDS = 15;

export function functionState(scope: Construct, name: string, props: FunctionStateProps): LambdaInvoke {
  const { functions, process, event = runAndOwner, result, comment = sentence(processes[process].does) } = props;
  const state = new LambdaInvoke(scope, name, {
    lambdaFunction: functions[process],
    payload: TaskInput.fromObject(event),
    payloadResponseOnly: true,
    resultPath: result,
    comment,
    taskTimeout: Timeout.duration(Duration.seconds(processes[process].seconds + START_SECONDS)),
    retryOnServiceExceptions: false,
  });
  for (const retry of retriesOf('function', processes[process])) state.addRetry(retry);
  return state;
}
