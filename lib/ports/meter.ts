import type { StepUse } from '../core/run/step-use.ts';

/** Measures what the machine gives this process. */
export interface Meter {
  /** Name of the machine, or of the container. */
  readonly host: string;
  /** Begins; the answer ends it. Neither ever fails. */
  begin(): () => Promise<StepUse>;
}
