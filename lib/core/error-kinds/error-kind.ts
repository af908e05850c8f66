/** The state in which an error ends a run. `busy` and `usage` stop only the command. */
export type ErrorState = 'refused' | 'failed' | 'late' | 'busy' | 'usage';

export interface ErrorKind {
  readonly state: ErrorState;
  /** What happened: docs/errors.md is made of it (Markdown, links from the folder docs/). */
  readonly meaning: string;
  /** `transient`: the same call may succeed a moment later, so the step itself tries again a few times. */
  readonly retry: 'transient' | 'never';
  /** What the operator does next, when the thrown error does not say it. */
  readonly hint: string;
}

export const refused = (meaning: string, hint: string): ErrorKind => ({
  state: 'refused',
  retry: 'never',
  meaning,
  hint,
});
export const failed = (meaning: string, hint: string): ErrorKind => ({
  state: 'failed',
  retry: 'never',
  meaning,
  hint,
});
export const transient = (meaning: string, hint: string): ErrorKind => ({
  state: 'failed',
  retry: 'transient',
  meaning,
  hint,
});
export const usage = (meaning: string, hint: string): ErrorKind => ({ state: 'usage', retry: 'never', meaning, hint });
