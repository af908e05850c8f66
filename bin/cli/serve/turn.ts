import type { FailPoint } from '../../../lib/core/run/fail-point.ts';

/** Set by `serve` for the nights that it starts: other programs that start us with a channel know nothing of turns. */
export const UNDER_SERVE = 'NIGHTFEED_UNDER_SERVE';

/** Where the work of a night begins: the delivery is there. */
const ARRIVED: FailPoint = 'arrive.receipt';

/** In a night that `serve` started: waits for its turn when the delivery is there. When `serve` is gone, nobody else waits for a turn. */
export async function awaitTurn(point: FailPoint): Promise<void> {
  if (point !== ARRIVED || !process.env[UNDER_SERVE] || !process.connected) return;
  await new Promise<void>((resolve) => {
    process.once('message', () => resolve()).once('disconnect', () => resolve());
    process.send!('arrived', (error: Error | null) => error && resolve());
  });
  if (process.connected) process.disconnect();
}
