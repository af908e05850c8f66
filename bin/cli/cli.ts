import type { Wings } from '../wings.ts';
import type { Output } from './output/output.ts';

/** What every command works with: whom it tells, and the kinds of source and notifier that there are. */
export interface Cli {
  readonly output: Output;
  readonly wings: Wings;
}
