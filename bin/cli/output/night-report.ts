import { decisionCommands } from '../../../lib/core/guards/decision-commands.ts';
import { explainHold } from '../../../lib/core/guards/explain-hold.ts';
import { runName } from '../../../lib/core/run/keys.ts';
import type { NightResult } from '../../../lib/core/run/night-result.ts';
import { exitCodes, type RunState } from '../../../lib/core/run/state.ts';
import { shownText } from '../../../lib/core/shown-text.ts';
import { printTables } from './night-table.ts';
import type { Output } from './output.ts';
import { printStepTimes } from './step-times.ts';

interface Report {
  readonly result: NightResult;
  /** null when the command named no date and opened no run. */
  readonly date: string | null;
  readonly seconds: number;
  readonly isPlan?: boolean;
  /** Further fields for `--json`. */
  readonly more?: object;
  /** The stack where it ran; absent for a run on this machine. */
  readonly stack?: string;
}

/** Reports how a night ended; returns its exit code. */
export function reportNight(
  output: Output,
  { result, date, seconds, isPlan = false, more = {}, stack }: Report,
): number {
  const run = result.run && runName(result.run);
  const { state, attempt, tables, holds, warnings, error, steps, after } = result;
  // The field `plan` lets scripts distinguish a plan from a run.
  output.answer({
    ...(isPlan ? { plan: true } : {}),
    run,
    state,
    date,
    attempt,
    tables,
    holds,
    warnings,
    error,
    seconds,
    steps,
    ...(after ? { after } : {}),
    ...more,
  });

  output.print(
    `${output.paint('bold', run ?? date ?? 'nightfeed')}  ${headline(output, state, isPlan)}  in ${seconds.toFixed(1)} s`,
  );
  if (Object.keys(tables).length > 0) printTables(output, tables);
  printStepTimes(output, showSteps(steps));
  const isApproved = state === 'published' && !isPlan;
  for (const hold of holds) {
    const guard = isApproved ? output.paint('dim', `approved: ${hold.guard}`) : output.paint('yellow', hold.guard);
    output.print(`  ${guard}  ${hold.table ?? 'delivery'}: ${explainHold(hold)}`);
  }
  for (const warning of warnings) {
    const guard = output.paint('dim', `unusual: ${warning.guard}`);
    output.print(`  ${guard}  ${warning.table ?? 'delivery'}: ${explainHold(warning)}`);
  }
  if (after) showAfter(output, after);
  if (error) {
    output.print(`  ${output.paint('red', error.name)}  ${error.message}`);
    output.print(`  ${error.hint}`);
  }
  if (state === 'held' && !isPlan) {
    output.print('  Production is untouched and waits for a decision.');
    for (const [what, command] of decisionCommands({ run: run!, holds, stack }))
      output.print(`    ${what}: ${command}`);
  }
  return exitCodes[state];
}

/** What came of the vendor's files. */
function showAfter(output: Output, { taken, left }: NonNullable<NightResult['after']>): void {
  if (taken > 0) output.print(`  after: ${taken} of the vendor's files are taken away`);
  if (left.length === 0) return;
  output.print(
    `  ${output.paint('yellow', 'after')}: ${left.length} of the vendor's files are left; the next run tries again`,
  );
  for (const { file, reason } of left.slice(0, MAX_LEFT))
    output.print(`    ${shownText(file, 200)}: ${shownText(reason, 300)}`);
}

const MAX_LEFT = 10;

/** Where the time went, such as `pull 1.2 s, diff 0.8 s`. */
function showSteps(steps: NightResult['steps']): string {
  return Object.entries(steps)
    .map(([step, seconds]) => `${step} ${seconds.toFixed(1)} s`)
    .join(', ');
}

const styles: Record<RunState, Parameters<Output['paint']>[0]> = {
  published: 'green',
  unchanged: 'green',
  held: 'yellow',
  late: 'yellow',
  running: 'cyan',
  failed: 'red',
  refused: 'red',
  rejected: 'red',
  superseded: 'dim',
};

function headline(output: Output, state: RunState, isPlan: boolean): string {
  return output.paint(styles[state], isPlan ? `would be ${state}` : state);
}
