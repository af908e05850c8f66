import type { Feed } from '../feed/spec.ts';
import type { RunState } from './state.ts';

const WEEK = 7 * 86_400_000;

/**
 * Whether a delivery whose listing is unchanged is read once more when its date is asked for again, because other bytes may have the same
 * name, size and time. `ended` is the end of the run that read it last. A held or decided run waits for people, not for bytes.
 */
export function isVerifyDue({ ready }: Feed, state: RunState, ended: Date | null, now: Date): boolean {
  if (state !== 'published' && state !== 'unchanged') return false;
  const verify = ready.verify ?? 'weekly';
  if (verify !== 'weekly') return verify === 'always';
  return ended !== null && now.getTime() - ended.getTime() > WEEK;
}
