import type { StepOutcome } from '../core/cloud/events.ts';
import { NightfeedError } from '../core/errors.ts';
import type { TaskName } from '../core/workflow/processes.ts';
import { type StepRow, workflows } from '../core/workflow/workflows.ts';
import { StepMemory } from './step-memory.ts';

/**
 * Does the steps of a container as the rows of the night lead, until one of them fails, or its answer leads to another process. `take` does
 * one step, and the ledger has what came of it. A container that begins again finds the receipts of the steps that were done.
 */
export async function runContainerSteps(
  steps: readonly TaskName[],
  take: (step: TaskName, memory: StepMemory) => Promise<StepOutcome | NightfeedError>,
): Promise<StepOutcome | NightfeedError> {
  const memory = new StepMemory();
  for (let step = steps[0]!; ; ) {
    const ended = await take(step, memory);
    if (ended instanceof NightfeedError) return ended;
    const { ways }: StepRow = workflows.night[step];
    const next = steps.find((each) => each === ways[ended.outcome]);
    if (next === undefined) return ended;
    step = next;
  }
}
