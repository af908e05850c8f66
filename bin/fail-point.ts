import { setTimeout as sleep } from 'node:timers/promises';
import type { FailPoint } from '../lib/core/run/fail-point.ts';

/**
 * For tests of crashes. `NIGHTFEED_FAIL_AT=point` kills this process when it first reaches a fail point; `point:stop` freezes it there until
 * SIGCONT. Without the variable it does nothing.
 */
export async function reachFailPoint(point: FailPoint): Promise<void> {
  const [wanted, how] = (process.env.NIGHTFEED_FAIL_AT ?? '').split(':');
  if (wanted !== point || isReached) return;
  isReached = true;
  process.kill(process.pid, how === 'stop' ? 'SIGSTOP' : 'SIGKILL');
  await sleep(how === 'stop' ? 50 : 60_000);
}

let isReached = false;
