import type { RunMessage } from './message.ts';
import type { Severity } from './severity.ts';
import type { RunState } from './state.ts';

const ofStates: Readonly<Record<RunState, Severity>> = {
  running: 'info',
  published: 'info',
  unchanged: 'info',
  rejected: 'info',
  superseded: 'info',
  // Production waits for somebody, as it does after an error.
  held: 'error',
  late: 'error',
  refused: 'error',
  failed: 'error',
};

/** What went well, but not as usual, is a `warning`. */
export function severityOf({ state, warnings, tables }: Pick<RunMessage, 'state' | 'warnings' | 'tables'>): Severity {
  const isUnusual = warnings.length > 0 || Object.values(tables).some(hasRejects);
  return ofStates[state] === 'info' && isUnusual ? 'warning' : ofStates[state];
}

function hasRejects(numbers: unknown): boolean {
  return ((numbers as { rejected?: number }).rejected ?? 0) > 0;
}
