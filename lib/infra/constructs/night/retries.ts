import { Duration } from 'aws-cdk-lib';
import type { RetryProps } from 'aws-cdk-lib/aws-stepfunctions';
import { type ErrorName, errorKinds } from '../../../core/errors.ts';

/** What Lambda itself says when it could not call a function, or the function did not live to answer. */
const lambdaErrors = [
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
  'Lambda.Unknown',
  'Sandbox.Timedout',
  'Runtime.ExitError',
];

const transientErrors = (Object.keys(errorKinds) as ErrorName[]).filter(
  (name) => errorKinds[name].retry === 'transient',
);

/** Every function may be called again: a step that was done finds its receipt, or its outcome in the ledger. */
export const functionRetries: readonly RetryProps[] = [
  { errors: lambdaErrors, interval: Duration.seconds(2), backoffRate: 2, maxAttempts: 5 },
  // The functions tried a few times themselves. A database that fails over needs about a minute.
  { errors: transientErrors, interval: Duration.seconds(30), backoffRate: 2, maxAttempts: 2 },
];

/** An execution that died holds its run until the failure rule has released it: a matter of seconds. */
export const busyRetry: RetryProps = {
  errors: ['BUSY' satisfies ErrorName],
  interval: Duration.minutes(1),
  backoffRate: 1,
  maxAttempts: 5,
};

/**
 * States.TaskFailed stands for all but States.Timeout: the container died, or ECS could not start it. A task that ran into
 * its timeout had hours, and would need them again.
 */
export const taskRetry: RetryProps = {
  errors: ['States.TaskFailed'],
  interval: Duration.minutes(1),
  backoffRate: 2,
  maxAttempts: 2,
};
