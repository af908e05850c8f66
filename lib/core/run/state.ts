export const runStates = [
  'running',
  'published',
  'unchanged',
  'held',
  'late',
  'refused',
  'failed',
  'rejected',
  'superseded',
] as const;
export type RunState = (typeof runStates)[number];

/** States of finished runs. Other bytes for the date of such a run make a new revision. */
export const finished = ['published', 'unchanged', 'rejected', 'superseded'] as const satisfies readonly RunState[];
export type FinishedState = (typeof finished)[number];

/** Exit codes of the command line. `running` is the answer to a second starter: busy. */
export const exitCodes: Record<RunState, number> = {
  published: 0,
  unchanged: 0,
  failed: 1,
  held: 3,
  late: 4,
  refused: 5,
  rejected: 5,
  superseded: 5,
  running: 6,
};
export const EXIT_USAGE = 2;

export function isFinished(state: RunState): state is FinishedState {
  return (finished as readonly RunState[]).includes(state);
}

/** Whether nothing happens to a run by itself: it is over, or waits for a decision. */
export function isSettled(state: RunState): state is FinishedState | 'held' {
  return state === 'held' || isFinished(state);
}
