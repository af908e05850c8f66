import type { Wings } from '../wings.ts';
import type { Output } from './output/output.ts';

/** What every command gets: where its output goes, and the kinds of source, notifier and so on. */
export interface Cli {
  readonly output: Output;
  readonly wings: Wings;
}
