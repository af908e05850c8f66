import type { Hold } from '../../lib/core/run/guard.ts';
import { runName } from '../../lib/core/run/keys.ts';
import { exitCodes, type RunState } from '../../lib/core/run/state.ts';
import type { NightResult } from '../../lib/steps/result.ts';
import type { Output } from './output.ts';

interface Report {
  readonly result: NightResult;
  readonly date: string;
  readonly seconds: number;
  readonly isPlan?: boolean;
}

/** Tells how a night ended; returns its exit code. */
export function reportNight(output: Output, { result, date, seconds, isPlan = false }: Report): number {
  const run = result.run && runName(result.run);
  const holds = result.holds.map(({ table, guard, value, limit }) => ({ table, guard, value, limit }));
  const { state, attempt, tables, error, steps } = result;
  output.answer({ run, state, date, attempt, tables, holds, error, seconds, steps });

  output.print(`${output.paint('bold', run ?? date)}  ${headline(output, state, isPlan)}  in ${seconds.toFixed(1)} s`);
  if (Object.keys(tables).length > 0) printTables(output, tables);
  if (Object.keys(steps).length > 0) output.print(output.paint('dim', `  ${showSteps(steps)}`));
  const isApproved = state === 'published' && !isPlan;
  for (const hold of result.holds) {
    const guard = isApproved ? output.paint('dim', `approved: ${hold.guard}`) : output.paint('yellow', hold.guard);
    output.print(`  ${guard}  ${hold.table ?? 'delivery'}: ${explain(hold)}`);
  }
  if (error) {
    output.print(`  ${output.paint('red', error.name)}  ${error.message}`);
    output.print(`  ${error.hint}`);
  }
  if (state === 'held' && !isPlan) {
    output.print('  Production is untouched. Decide with one of');
    output.print(`    nightfeed approve ${run} --by YOU --reason WHY`);
    output.print(`    nightfeed reject ${run} --by YOU --reason WHY`);
  }
  return exitCodes[state];
}

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

const columns = ['rows', 'inserted', 'updated', 'returned', 'gone', 'unchanged', 'rejected', 'suspended'] as const;

function printTables(output: Output, tables: NightResult['tables']): void {
  const width = Math.max(5, ...Object.keys(tables).map((name) => name.length));
  output.print(
    output.paint('dim', `  ${'table'.padEnd(width)}${columns.map((column) => column.padStart(11)).join('')}  engine`),
  );
  for (const [name, numbers] of Object.entries(tables)) {
    output.print(
      `  ${name.padEnd(width)}${columns.map((column) => numbers[column].toLocaleString('en').padStart(11)).join('')}  ${numbers.engine}`,
    );
  }
}

const explanations: Record<Hold['guard'], (value: string, limit: string) => string> = {
  ROWCOUNT_DROP: (value, limit) => `the row count changed by ${value}; at least ${limit} is allowed`,
  ROWCOUNT_RISE: (value, limit) => `the row count changed by ${value}; at most ${limit} is allowed`,
  MASS_DELETE: (value, limit) => `${value} of the rows are gone; at most ${limit} is allowed`,
  MASS_UPDATE: (value, limit) => `${value} of the rows changed; at most ${limit} is allowed`,
  REJECTED_LIMIT: (value, limit) => `${value} of the rows were rejected; at most ${limit} is allowed`,
  SCHEMA_ADD: (value) => `${value} column(s) that the feed file does not declare; they are left out`,
  FILES_MISSING: (value, limit) => `${value} files came; ${limit} are expected`,
};

function explain({ guard, value, limit, unit }: Hold): string {
  const show = (number: number) => (unit === 'count' ? String(number) : `${(number * 100).toFixed(1)} %`);
  return explanations[guard](show(value), show(limit));
}
