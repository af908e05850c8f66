import { type ErrorName, type ErrorState, errorKinds } from './error-kinds.ts';
import { hintText, messageText } from './error-text.ts';

export type { ErrorName } from './error-kinds.ts';

interface ErrorOptions {
  hint?: string;
  cause?: unknown;
  /** May hold vendor data, so it is not enumerable, which keeps it out of logs. */
  details?: unknown;
}

/** A foreseen failure: what was received and what was allowed in `message`, what to do next in `hint`. */
export class NightfeedError extends Error {
  override readonly name: ErrorName;
  readonly hint: string;
  declare readonly details: unknown;

  constructor(name: ErrorName, message: string, options: ErrorOptions = {}) {
    const { state, hint } = errorKinds[name];
    const text = messageText(message, state === 'usage');
    super(text, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = name;
    this.hint = hintText(options.hint ?? hint);
    Object.defineProperty(this, 'details', { value: options.details, enumerable: false });
  }

  get state(): ErrorState {
    return errorKinds[this.name].state;
  }

  get transient(): boolean {
    return errorKinds[this.name].retry === 'transient';
  }
}

export function isErrorName(name: string): name is ErrorName {
  return Object.hasOwn(errorKinds, name);
}

/** Any thrown value as a NightfeedError. An unforeseen one becomes UNFORESEEN and keeps its cause. */
export function asNightfeedError(thrown: unknown): NightfeedError {
  if (thrown instanceof NightfeedError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new NightfeedError('UNFORESEEN', message, { cause: thrown });
}
