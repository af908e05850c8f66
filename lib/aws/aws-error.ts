import { NightfeedError } from '../core/errors.ts';

/** An error of AWS or its SDK, for a person at the command line. */
export function awsError(error: unknown, what: string): NightfeedError {
  if (error instanceof NightfeedError) return error;
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  if (/ResourceNotFound|DoesNotExist/.test(name)) {
    return new NightfeedError('USAGE', `there is no ${what.replace(/^the /, '')} in this account and region`, {
      hint: 'Check --stack (<stage>-<feed>), AWS_PROFILE and AWS_REGION.',
    });
  }
  return new NightfeedError('USAGE', `AWS refused ${what}: ${name}: ${message}`, {
    hint: 'Sign in to AWS, set AWS_REGION, and check what your role may do.',
    cause: error,
  });
}
