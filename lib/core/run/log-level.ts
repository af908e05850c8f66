import type { RunState } from './state.ts';

/** From the least grave to the gravest. */
export const logLevels = ['info', 'warn', 'error'] as const;

export type LogLevel = (typeof logLevels)[number];

export function isAtLeast(level: LogLevel, least: LogLevel): boolean {
  return logLevels.indexOf(level) >= logLevels.indexOf(least);
}

/** The level of the line that says how a run ended. */
export function levelOfState(state: RunState): LogLevel {
  if (state === 'failed' || state === 'refused') return 'error';
  return state === 'held' || state === 'late' ? 'warn' : 'info';
}
