import { NightfeedError } from '../../core/errors.ts';

/** Whatever keeps the embedded server from running, there is always the way around it. */
export function unavailable(message: string, cause?: unknown): NightfeedError {
  return new NightfeedError('DATABASE_UNAVAILABLE', `no PostgreSQL of our own: ${message}`, {
    hint: 'Set NIGHTFEED_DATABASE_URL to a PostgreSQL 15 or newer, then run the same command again.',
    cause,
  });
}
