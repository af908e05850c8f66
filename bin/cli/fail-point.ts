import { setTimeout as sleep } from 'node:timers/promises';
import type { FailPoint } from '../../lib/core/run/fail-point.ts';

/**
 * `NIGHTFEED_FAIL_AT=point` kills this process at a fail point, `point:stop` freezes it there until SIGCONT.
 * For tests of what survives; does nothing without the variable.
 */
export async function reachFailPoint(point: FailPoint): Promise<void> {
  const [wanted, how] = (process.env.NIGHTFEED_FAIL_AT ?? '').split(':');
  if (wanted !== point) return;
  process.kill(process.pid, how === 'stop' ? 'SIGSTOP' : 'SIGKILL');
  await sleep(how === 'stop' ? 50 : 60_000);
}
