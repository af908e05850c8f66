import type { Force } from '../../lib/core/delivery/due-date.ts';
import { NightfeedError } from '../../lib/core/errors.ts';

/** Which night is asked for. */
export interface WantedNight {
  readonly date?: string;
  readonly force?: Force;
}

/** The same for a deployed pipeline, which finds out by itself who asks. */
export interface NightOfStack {
  readonly date?: string;
  readonly force?: Pick<Force, 'reason'>;
}

/** The options of `run` and `plan`. */
export interface NightOptions {
  date?: string;
  force?: true;
  by?: string;
  reason?: string;
}

export function wantedNight({ date, force, by, reason }: NightOptions): WantedNight {
  const wanted = date === undefined ? {} : { date };
  if (force && by && reason) return { ...wanted, force: { by, reason } };
  if (force) throw new NightfeedError('USAGE', '--force needs who and why: --by WHO --reason WHY');
  if (by !== undefined || reason !== undefined) throw withoutForce();
  return wanted;
}

export function nightOfStack({ date, force, by, reason }: NightOptions): NightOfStack {
  if (by !== undefined)
    throw new NightfeedError('USAGE', 'received --by; with --stack it is the identity that is signed in to AWS');
  if (force && date === undefined) throw new NightfeedError('USAGE', '--force needs a date: --date DATE');
  const wanted = date === undefined ? {} : { date };
  if (force && reason) return { ...wanted, force: { reason } };
  if (force) throw new NightfeedError('USAGE', '--force needs a reason: --reason WHY');
  if (reason !== undefined) throw withoutForce();
  return wanted;
}

const withoutForce = () => new NightfeedError('USAGE', 'received --by or --reason without --force, which they are for');
