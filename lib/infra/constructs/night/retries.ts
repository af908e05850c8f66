import { Duration } from 'aws-cdk-lib';
import type { RetryProps } from 'aws-cdk-lib/aws-stepfunctions';
import { type ErrorName, errorKinds } from '../../../core/error-kinds.ts';
import type { Process } from '../../../core/workflow/process.ts';
import type { Retry } from '../../../core/workflow/retries.ts';

/** Names of the errors with which AWS reports that a process gave no answer. */
const noAnswer: Readonly<Record<'function' | 'container', string[]>> = {
  function: [
    'Lambda.ClientExecutionTimeoutException',
    'Lambda.ServiceException',
    'Lambda.AWSLambdaException',
    'Lambda.SdkClientException',
    'Lambda.TooManyRequestsException',
    'Lambda.Unknown',
    'Sandbox.Timedout',
    'Runtime.ExitError',
  ],
  // Matches all errors except States.Timeout.
  container: ['States.TaskFailed'],
};

const transientErrors = (Object.keys(errorKinds) as ErrorName[]).filter(
  (name) => errorKinds[name].retry === 'transient',
);

/** The errors of a process after which the state machine tries again. */
export function retriesOf(kind: 'function' | 'container', { retries }: Pick<Process, 'retries'>): RetryProps[] {
  return retries.map((retry) => ({
    errors: errorsOf(kind, retry.on),
    interval: Duration.seconds(retry.after),
    backoffRate: retry.factor,
    maxAttempts: retry.times,
  }));
}

function errorsOf(kind: 'function' | 'container', on: Retry['on']): string[] {
  if (on === 'no answer') return noAnswer[kind];
  return on === 'transient' ? transientErrors : [on];
}
