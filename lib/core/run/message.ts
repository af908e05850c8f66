import { z } from 'zod';
import type { NightfeedError } from '../errors.ts';
import type { Finding } from '../guards/finding.ts';
import type { GuardName } from '../guards/guard-names.ts';
import type { Stored } from '../objects/stored.ts';
import { type RunId, runName } from './keys.ts';
import type { RunState } from './state.ts';
import type { UsualCounts } from './usual-numbers.ts';

/** The message about a run that stopped. `id` is the same in every repetition. */
export interface RunMessage {
  readonly id: string;
  readonly run: string;
  readonly state: RunState;
  readonly changeSet: string | null;
  /** One line, without vendor text. */
  readonly subject: string;
  readonly tables: Readonly<Record<string, unknown>>;
  readonly holds: readonly Finding[];
  /** Findings that only warn. */
  readonly warnings: readonly Finding[];
  readonly error: ErrorReport | null;
  /** Where a person finds more, as the channel's pattern says. */
  readonly link?: string;
  /** It is about no run: somebody tries a channel. */
  readonly isTest?: true;
  /** When the run began and ended, and the deadline of its delivery, as ISO instants. Whoever relays a message adds them. */
  readonly times?: { readonly began: string; readonly ended: string; readonly deadline?: string };
  /** What is usual of each table, where enough nights are known. Whoever relays a message adds it. */
  readonly usual?: Readonly<Record<string, UsualCounts>>;
  /** Sample rows of the findings, if the feed allows messages to show them. */
  readonly samples?: readonly SampleLines[];
}

/** Rows as lines for people, shortened and escaped. */
export interface SampleLines {
  readonly table: string | null;
  readonly guard: GuardName;
  readonly column?: string;
  readonly rule?: string;
  readonly rows: readonly string[];
}

export const errorReportSchema = z.object({ name: z.string(), message: z.string(), hint: z.string() });

export type ErrorReport = Stored<typeof errorReportSchema>;

interface MessageParts {
  readonly run: RunId;
  readonly state: RunState;
  readonly changeSet: string | null;
  readonly tables: Readonly<Record<string, unknown>>;
  readonly holds?: readonly Finding[];
  readonly warnings?: readonly Finding[];
  readonly error?: NightfeedError | null;
  readonly samples?: readonly SampleLines[] | undefined;
}

export function runMessage({
  run,
  state,
  changeSet,
  tables,
  holds = [],
  warnings = [],
  error = null,
  samples,
}: MessageParts): RunMessage {
  const name = runName(run);
  return {
    id: `${name}:${state}:${changeSet ?? '-'}`,
    run: name,
    state,
    changeSet,
    subject: `nightfeed ${name}: ${state}${error ? ` (${error.name})` : ''}`,
    tables,
    holds,
    warnings,
    error: error && reportOf(error),
    ...(samples ? { samples } : {}),
  };
}

export function reportOf(error: NightfeedError): ErrorReport {
  return { name: error.name, message: error.message, hint: error.hint };
}
