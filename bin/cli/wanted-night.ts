import { NightfeedError } from '../../lib/core/errors.ts';
import type { Force } from '../../lib/core/run/due-date.ts';

/** Which night is asked for. */
export interface WantedNight {
  readonly date?: string;
  readonly force?: Force;
}

/** The options of `run` and `plan` that say so. */
export interface NightOptions {
  date?: string;
  force?: true;
  by?: string;
  reason?: string;
}

export function wantedNight({ date, force, by, reason }: NightOptions): WantedNight {
  const wanted = date === undefined ? {} : { date };
  if (force && by && reason) return { ...wanted, force: { by, reason } };
  if (force) throw new NightfeedError('USAGE', '--force wants to know who and why: --by WHO --reason WHY');
  if (by !== undefined || reason !== undefined)
    throw new NightfeedError('USAGE', 'received --by or --reason without --force, which they are for');
  return wanted;
}
