import { NightfeedError } from '../core/errors.ts';

/** What AWS or its SDK says to somebody at a command line. */
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
