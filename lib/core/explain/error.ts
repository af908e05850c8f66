import { type ErrorName, type ErrorState, errorKinds } from '../error-kinds.ts';
import { EXIT_USAGE, exitCodes } from '../run/state.ts';

/** A failure in words, Markdown with links from the folder docs/. */
export interface ExplainedError {
  readonly meaning: string;
  /** State of the run that ends with it. */
  readonly state: string;
  readonly exitCode: string;
  readonly retried: string;
  readonly whatToDo: string;
}

export function explainedError(name: ErrorName): ExplainedError {
  const { meaning, state, retry, hint } = errorKinds[name];
  const retried = retry === 'transient' ? 'yes, a few times, before it counts' : 'no';
  const { run, exitCode } = outcomes[state];
  return { meaning, state: run, exitCode, retried: exceptions[name] ?? retried, whatToDo: hint };
}

const outcomes: Record<ErrorState, { readonly run: string; readonly exitCode: string }> = {
  refused: { run: '`refused`', exitCode: `${exitCodes.refused}` },
  failed: { run: '`failed`', exitCode: `${exitCodes.failed}` },
  late: { run: '`late`', exitCode: `${exitCodes.late}` },
  busy: { run: 'as it was: it belongs to another process', exitCode: `${exitCodes.running}` },
  usage: {
    run: 'none is opened; one that is open ends as `failed`',
    exitCode: `${EXIT_USAGE}; ${exitCodes.failed} where a run was open`,
  },
};

/** Retried by the workflow, which begins again at an earlier step or waits. */
const exceptions: Partial<Record<ErrorName, string>> = {
  BASE_MOVED: 'yes, from the diff on, twice',
  BUSY: 'on AWS, for five minutes',
};
