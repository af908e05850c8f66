import { setTimeout as sleep } from 'node:timers/promises';
import type { FailPoint } from '../lib/core/run/fail-point.ts';

/**
 * `NIGHTFEED_FAIL_AT=point` kills this process at a fail point, `point:stop` freezes it there until SIGCONT.
 * Only the first time that it comes there. For tests of what survives; does nothing without the variable.
 */
export async function reachFailPoint(point: FailPoint): Promise<void> {
  const [wanted, how] = (process.env.NIGHTFEED_FAIL_AT ?? '').split(':');
  if (wanted !== point || isReached) return;
  isReached = true;
  process.kill(process.pid, how === 'stop' ? 'SIGSTOP' : 'SIGKILL');
  await sleep(how === 'stop' ? 50 : 60_000);
}

let isReached = false;
