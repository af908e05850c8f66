import type { NightfeedError } from '../errors.ts';
import type { Hold } from './guard.ts';
import { type RunId, runName } from './keys.ts';
import type { RunState } from './state.ts';

/** What people are told when a run stops. `id` is the same at every repetition. */
export interface RunMessage {
  readonly id: string;
  readonly run: string;
  readonly state: RunState;
  readonly changeSet: string | null;
  /** One line, without vendor text. */
  readonly subject: string;
  readonly tables: Readonly<Record<string, unknown>>;
  readonly holds: readonly Hold[];
  readonly error: ErrorReport | null;
}

export interface ErrorReport {
  readonly name: string;
  readonly message: string;
  readonly hint: string;
}

interface MessageParts {
  readonly run: RunId;
  readonly state: RunState;
  readonly changeSet: string | null;
  readonly tables: Readonly<Record<string, unknown>>;
  readonly holds?: readonly Hold[];
  readonly error?: NightfeedError | null;
}

export function runMessage({ run, state, changeSet, tables, holds = [], error = null }: MessageParts): RunMessage {
  const name = runName(run);
  return {
    id: `${name}:${state}:${changeSet ?? '-'}`,
    run: name,
    state,
    changeSet,
    subject: `nightfeed ${name}: ${state}${error ? ` (${error.name})` : ''}`,
    tables,
    holds,
    error: error && reportOf(error),
  };
}

export function reportOf(error: NightfeedError): ErrorReport {
  return { name: error.name, message: error.message, hint: error.hint };
}
