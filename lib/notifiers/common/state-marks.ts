import type { RunState } from '../../core/run/state.ts';

/** What shows a run's state at a glance, where a line of text has room for a picture. */
export const marks: Readonly<Record<RunState, string>> = {
  running: '🔵',
  published: '🟢',
  unchanged: '🟢',
  held: '✋',
  late: '⏳',
  refused: '⛔',
  failed: '❌',
  rejected: '⚪',
  superseded: '⚪',
};
