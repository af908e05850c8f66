import { NightfeedError } from '../errors.ts';

export function damaged(message: string): NightfeedError {
  return new NightfeedError('TAR_CORRUPT', `the tar archive is damaged: ${message}`);
}
