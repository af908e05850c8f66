import type { LoginKind } from '../cloud/logins.ts';
import type { Fact, Process } from './process.ts';
import { processes } from './processes.ts';
import { type LaterStep, laterSteps } from './workflows.ts';

/** What the processes of a login need at the database, taken together. */
export interface LoginNeeds {
  /** Steps that it enters and whose outcomes it records. */
  readonly steps: readonly LaterStep[];
  /** Facts that it may note of a running run. */
  readonly facts: readonly Fact[];
  /** Rights on the feed's tables in the target schema. */
  readonly rows: 'none' | 'read' | 'write';
}

export function needsOf(kind: LoginKind): LoginNeeds {
  const own = Object.values<Process>(processes).filter(({ login }) => login === kind);
  const rows = own.map((process) => process.rows);
  return {
    steps: laterSteps.filter((step) => processes[step].login === kind),
    facts: [...new Set(own.flatMap(({ notes = [] }) => notes))],
    rows: rows.includes('write') ? 'write' : rows.includes('read') ? 'read' : 'none',
  };
}
