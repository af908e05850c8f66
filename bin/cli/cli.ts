import type { Wings } from '../wings.ts';
import type { Output } from './output/output.ts';

/** What every command gets: where its output goes, and the kinds of source, notifier and so on. */
export interface Cli {
  readonly output: Output;
  readonly wings: Wings;
}

/** Runs a command on this machine, or on a deployed pipeline when the options name one. */
export type Either = (
  options: object,
  here: () => Promise<number>,
  there: (onStack: OnStack, name: string) => Promise<number>,
) => Promise<void>;

type OnStack = typeof import('./commands/stack.ts').onStack;
