import type { Decided } from '../../../lib/cloud/operator.ts';
import { exitCodes } from '../../../lib/core/run/state.ts';
import type { Output } from './output.ts';

interface Circumstances {
  /** The command only records the decision and does not continue the run. */
  readonly isLast: boolean;
  readonly stack?: string;
}

/** Reports an approval after which the run does not continue, because it was only recorded or because somebody else has to decide too. */
export function reportApproval(output: Output, decided: Decided, { isLast, stack }: Circumstances): number {
  const { run, by, open, holds } = decided;
  answer(output, decided);
  output.print(`${run}  approved by ${by}`);
  for (const guard of open) {
    const people = holds.find((hold) => hold.guard === guard)?.people ?? 1;
    const needs = people > 1 ? `needs ${people} different people` : 'waits for a decision';
    const program = stack === undefined ? 'nightfeed' : `nightfeed --stack ${stack}`;
    const who = stack === undefined ? ' --by YOU' : '';
    output.print(
      `  ${output.paint('yellow', guard)}  ${needs}: ${program} approve ${run} --guard ${guard}${who} --reason WHY`,
    );
  }
  return isLast ? 0 : exitCodes.held;
}

export function reportRejection(output: Output, decided: Decided): number {
  answer(output, decided);
  output.print(`${decided.run}  rejected by ${decided.by}`);
  return 0;
}

function answer(output: Output, decided: Decided): void {
  const { run, state, date, attempt, tables, holds, warnings, open } = decided;
  output.answer({ run, state, date, attempt, tables, holds, warnings, open, error: null, seconds: 0, steps: {} });
}
