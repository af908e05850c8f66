import { NightfeedError } from '../../core/errors.ts';

/** The error when the embedded server cannot run. Its hint names the alternative, a database of the user's own. */
export function unavailable(message: string, cause?: unknown): NightfeedError {
  return new NightfeedError('DATABASE_UNAVAILABLE', `no PostgreSQL of our own: ${message}`, {
    hint: 'Set NIGHTFEED_DATABASE_URL to a PostgreSQL 15 or newer, then run the same command again.',
    cause,
  });
}
